"""`cms user`: people and the passwords of their applications."""

import sys

import click

from cms.cli_support import command_work, run, tenant_option


@click.group()
def user() -> None:
    """People and the passwords of their applications."""


@user.command("add")
@click.argument("login")
@click.option("--email", required=True)
@click.option("--name", "display_name", required=True)
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@tenant_option
def user_add(
    login: str, email: str, display_name: str, roles: tuple[str, ...], tenant_slug: str | None
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    from cms.identity.users import add_user

    password = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True)
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )

    async def add() -> None:
        async with command_work(tenant_slug) as (_, work):
            await add_user(
                work,
                login,
                email=email,
                display_name=display_name,
                roles=roles,
                password=password or None,
            )

    run(add)
    note = "" if password else " Without a password, she cannot sign in with one."
    click.echo(f"{login} is added.{note}")


@user.command("roles")
@click.argument("login")
@click.option("--role", "roles", multiple=True, required=True, help="May be repeated.")
@tenant_option
def user_roles(login: str, roles: tuple[str, ...], tenant_slug: str | None) -> None:
    """Give a person exactly these roles, also those that nobody may give through the API."""
    from cms.identity.granting import set_roles
    from cms.identity.users import user_by_login

    async def give() -> None:
        async with command_work(tenant_slug) as (_, work):
            await set_roles(work, await user_by_login(work, login), roles)

    run(give)
    click.echo(f"{login} is now: {', '.join(sorted(set(roles)))}.")


@user.command("application-password")
@click.argument("login")
@click.option("--name", default="cms", show_default=True, help="What the application is called.")
@tenant_option
def user_application_password(login: str, name: str, tenant_slug: str | None) -> None:
    """Make an application password and print it, this once."""
    from cms.identity.application_passwords import add_application_password
    from cms.identity.users import user_by_login

    async def make() -> str:
        async with command_work(tenant_slug) as (host, work):
            found = await user_by_login(work, login)
            return await add_application_password(work, host.secret, found, name)

    click.echo(run(make))


@user.command("reset-factors")
@click.argument("login")
@tenant_option
def user_reset_factors(login: str, tenant_slug: str | None) -> None:
    """Remove the authenticator app and the recovery codes of somebody who has lost both."""
    from cms.identity.factors import remove_factors
    from cms.identity.users import user_by_login

    async def remove() -> None:
        async with command_work(tenant_slug) as (_, work):
            await remove_factors(work, (await user_by_login(work, login)).id)

    run(remove)
    click.echo(f"{login} signs in with the password alone until another app is set up.")
