"""`cms demo`, `serve` and `worker`: the processes; `cms check` looks at their set-up."""

import sys

import click

from cms.cli_support import json_option, load_settings, say


@click.command()
def demo() -> None:
    """Start everything on this machine: database, demo clinic, site and worker."""
    settings = load_settings()
    from cms import serving

    serving.run_demo(settings)


@click.command()
def serve() -> None:
    """Serve requests (the worker runs apart: cms worker)."""
    settings = load_settings()
    from cms import serving

    serving.serve(settings)


@click.command()
def worker() -> None:
    """Run jobs, schedules and the services of plugins, such as the audit sequencer."""
    settings = load_settings()
    from cms import serving

    serving.run_worker_process(settings)


@click.command()
@json_option
def check(as_json: bool) -> None:
    """Look at the set-up and name what is wrong with it; exit code 1 when something is."""
    settings = load_settings()
    from cms.doctor import examine_installation

    findings = examine_installation(settings)
    lines = [
        f"{'well ' if f.is_well else 'WRONG'}  {f.name}: {f.message}"
        + (f" -> {f.remedy}" if f.remedy and not f.is_well else "")
        for f in findings
    ]
    listed = [
        {"name": f.name, "well": f.is_well, "message": f.message, "remedy": f.remedy}
        for f in findings
    ]
    say(listed, as_json=as_json, text="\n".join(lines))
    sys.exit(0 if all(f.is_well for f in findings) else 1)
