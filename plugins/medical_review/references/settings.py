"""What an operator may tune of the literature; without a contact nobody outside is asked."""

import msgspec

from plugins.professional_registry.settings import Endpoint


class ReferenceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`contact`: the e-mail address that sources may write to when our questions trouble them, as
    Crossref and NCBI ask for; without one the sources are off, and people type references by hand.
    `sources`: which of `crossref`, `europe_pmc`, `pubmed` are asked, in this order. `endpoints`: by
    name of the source. `cache_hours`: how long what a source said serves again.
    `recheck_days`: how long after the last question a source is asked again whether a publication
    that a live text rests on was retracted; `recheck_most`: of how many in one night."""

    contact: str = ""
    sources: tuple[str, ...] = ("crossref", "europe_pmc", "pubmed")
    endpoints: dict[str, Endpoint] = {}
    cache_hours: float = 24.0
    recheck_days: float = 7.0
    recheck_most: int = 500
