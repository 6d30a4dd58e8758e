"""What choices of settings and operators of rules are called where people choose them."""

from cms.admin.translating import N_

OPERATORS = (
    ("==", N_("is")),
    ("!=", N_("is not")),
    ("!=empty", N_("has a value")),
    ("==empty", N_("has no value")),
    ("==contains", N_("contains")),
    ("!=contains", N_("does not contain")),
    ("==pattern", N_("fits the pattern")),
    ("!=pattern", N_("does not fit the pattern")),
    (">", N_("is more than")),
    ("<", N_("is less than")),
)
OF_LOCATION = (("==", N_("is")), ("!=", N_("is not")))
