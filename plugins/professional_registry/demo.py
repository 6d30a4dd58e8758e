"""The demo clinic's physicians: invented, with numbers that no council has given out."""

from pathlib import Path
from typing import Any

from plugins.professional_registry import commands, registrations
from plugins.professional_registry.demo_roster import DemoPhysician, write_roster
from plugins.professional_registry.registrations import Profile

AUTHOR = DemoPhysician(
    "Ana Fictícia Moreira", "SP", 9_900_101, specialties=(("NEUROLOGIA", 990101),)
)
REVIEWER = DemoPhysician("Bruno Inventado Teixeira", "SP", 9_900_102)


async def seed(site: Any) -> None:
    """The author with a verified registration, on a roster that can be edited and imported."""
    folder: Path = site.host.settings.data / "demo-roster"
    write_roster(folder, (AUTHOR, REVIEWER))
    author = await site.person("author", f"Dra. {AUTHOR.name}", ["medical_professional"])
    await commands.import_roster(site.host.shop, site.tenant, folder)
    await hold(site, author, AUTHOR, Profile(specialty="NEUROLOGIA"))


async def hold(site: Any, user_id: int, physician: DemoPhysician, profile: Profile) -> None:
    """Register and verify a demo physician for a person."""
    async with site.as_system() as work:
        number = f"CRM-{physician.uf} {physician.number}"
        person = await registrations.register(work, user_id, number, physician.name, profile)
        await registrations.verify(work, person.id)
