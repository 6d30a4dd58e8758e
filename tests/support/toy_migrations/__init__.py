"""The branch of the toy plugin."""

from cms.settings import Settings

upgrades: list[str] = []


def remember_upgrade(owner_url: str, settings: Settings) -> None:
    """What a plugin does as the owner once migrations have been applied."""
    upgrades.append(f"{owner_url} in {settings.data_dir}")
