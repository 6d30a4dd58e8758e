"""Moments written by PHP's date formats (`d/m/Y`, `g:i a`), with names in the site's language.

The moments of fields are wall clock time without a zone, which PHP's letters of zones call UTC.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Names:
    """Months and weekdays (from Monday) of a language."""

    months: tuple[str, ...]
    short_months: tuple[str, ...]
    days: tuple[str, ...]
    short_days: tuple[str, ...]


def _names(months: str, short_months: str, days: str, short_days: str) -> Names:
    return Names(*(tuple(one.split()) for one in (months, short_months, days, short_days)))


ENGLISH = _names(
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "Mon Tue Wed Thu Fri Sat Sun",
)

# By the first part of a language tag; any other language gets English, as PHP gives it.
NAMES: Mapping[str, Names] = {
    "en": ENGLISH,
    "pt": _names(
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "jan fev mar abr maio jun jul ago set out nov dez",
        "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "seg ter qua qui sex sáb dom",
    ),
    "es": _names(
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "Ene Feb Mar Abr May Jun Jul Ago Sep Oct Nov Dic",
        "lunes martes miércoles jueves viernes sábado domingo",
        "Lun Mar Mié Jue Vie Sáb Dom",
    ),
}


def written(moment: datetime, pattern: str, language: str) -> str:
    """The moment by a PHP format; a letter after a backslash stands for itself, as does a sign that
    PHP gives no meaning."""
    names = NAMES.get(language.replace("_", "-").partition("-")[0].lower(), ENGLISH)
    written = []
    letters = iter(pattern)
    for letter in letters:
        if letter == "\\":
            written.append(next(letters, ""))
        elif letter in _SIGNS:
            written.append(_SIGNS[letter](moment))
        elif letter in _NAMED:
            written.append(_NAMED[letter](moment, names))
        else:
            written.append(letter)
    return "".join(written)


def _suffix(moment: datetime) -> str:
    """English, as WordPress leaves it in every language."""
    if moment.day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(moment.day % 10, "th")


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_of_month(moment: datetime) -> int:
    if moment.month == 2:
        return 29 if _is_leap(moment.year) else 28
    return 30 if moment.month in {4, 6, 9, 11} else 31


def _hour_of_twelve(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _swatch_beat(moment: datetime) -> str:
    """Thousandths of a day, counted an hour east of Greenwich."""
    seconds = (moment.hour * 3600 + moment.minute * 60 + moment.second + 3600) % 86_400
    return f"{int(seconds / 86.4):03d}"


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}+00:00".rjust(25, "0")


def _rfc(moment: datetime) -> str:
    day, month = ENGLISH.short_days[moment.weekday()], ENGLISH.short_months[moment.month - 1]
    return f"{day}, {moment.day:02d} {month} {moment.year:04d} {moment:%H:%M:%S} +0000"


_SIGNS: Mapping[str, Callable[[datetime], str]] = {
    "d": lambda at: f"{at.day:02d}",
    "j": lambda at: str(at.day),
    "N": lambda at: str(at.isoweekday()),
    "S": _suffix,
    "w": lambda at: str(at.isoweekday() % 7),
    "z": lambda at: str(at.timetuple().tm_yday - 1),
    "W": lambda at: f"{at.isocalendar().week:02d}",
    "m": lambda at: f"{at.month:02d}",
    "n": lambda at: str(at.month),
    "t": lambda at: str(_days_of_month(at)),
    "L": lambda at: str(int(_is_leap(at.year))),
    "o": lambda at: f"{at.isocalendar().year:04d}",
    "Y": lambda at: f"{at.year:04d}",
    "y": lambda at: f"{at.year % 100:02d}",
    "a": lambda at: "am" if at.hour < 12 else "pm",
    "A": lambda at: "AM" if at.hour < 12 else "PM",
    "B": _swatch_beat,
    "g": lambda at: str(_hour_of_twelve(at)),
    "h": lambda at: f"{_hour_of_twelve(at):02d}",
    "G": lambda at: str(at.hour),
    "H": lambda at: f"{at.hour:02d}",
    "i": lambda at: f"{at.minute:02d}",
    "s": lambda at: f"{at.second:02d}",
    "u": lambda at: f"{at.microsecond:06d}",
    "v": lambda at: f"{at.microsecond // 1000:03d}",
    "e": lambda _: "UTC",
    "T": lambda _: "UTC",
    "I": lambda _: "0",
    "O": lambda _: "+0000",
    "P": lambda _: "+00:00",
    "p": lambda _: "Z",
    "Z": lambda _: "0",
    "c": _iso,
    "r": _rfc,
    "U": lambda at: str(int(at.replace(tzinfo=UTC).timestamp())),
}
_NAMED: Mapping[str, Callable[[datetime, Names], str]] = {
    "D": lambda at, names: names.short_days[at.weekday()],
    "l": lambda at, names: names.days[at.weekday()],
    "F": lambda at, names: names.months[at.month - 1],
    "M": lambda at, names: names.short_months[at.month - 1],
}
