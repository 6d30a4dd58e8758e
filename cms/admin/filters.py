"""How dates and numbers are written, in the reader's language and on the site's clock."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context

_LOCALES = {"pt": "pt_BR", "en": "en_GB"}
_NOW = {"pt": "agora", "en": "just now"}
_A_MOMENT = timedelta(minutes=1)


def of(language: str) -> Mapping[str, Callable[..., Any]]:
    """The filters of templates: `day`, `moment`, `ago`, `number`, `size`."""
    locale = _LOCALES[language]

    @pass_context
    def moment(context: Context, value: datetime | None) -> str:
        return (
            ""
            if value is None
            else format_datetime(value.astimezone(_zone(context)), "medium", locale=locale)
        )

    @pass_context
    def day(context: Context, value: date | datetime | None) -> str:
        if isinstance(value, datetime):
            value = value.astimezone(_zone(context)).date()
        return "" if value is None else format_date(value, "medium", locale=locale)

    @pass_context
    def ago(context: Context, value: datetime | None) -> str:
        """How long before the request, in words such as "há 3 horas"; "agora" within a minute."""
        if value is None:
            return ""
        away = value - context["page"].work.now
        if abs(away) < _A_MOMENT:
            return _NOW[language]
        return format_timedelta(away, add_direction=True, locale=locale)

    def number(value: float | None) -> str:
        return "" if value is None else format_decimal(value, locale=locale)

    def size(count: int) -> str:
        """Bytes in powers of ten, as shops sell them."""
        for unit in ("B", "kB", "MB", "GB"):
            if count < 1000 or unit == "GB":
                break
            count //= 1000
        return f"{number(count)} {unit}"

    return {"moment": moment, "day": day, "ago": ago, "number": number, "size": size}


def _zone(context: Context) -> ZoneInfo:
    found: ZoneInfo = context["page"].work.tenant.zone
    return found
