"""What happens to field groups and to the values of things that are not posts."""

from cms.kernel.events import Event, Subject
from cms.sealing.events import OwnerKind


class FieldGroupSaved(Event, frozen=True):
    """A field group is new or has another version; before and after name what differs."""

    tag = "fields:group:save"
    covers = ("cms.field_groups", "cms.field_group_versions")
    version: int

    def subject(self) -> Subject:
        return Subject("field_group")


class FieldGroupRemoved(Event, frozen=True):
    """A field group is no longer used; its versions and the values written with it stay."""

    tag = "fields:group:remove"
    covers = ("cms.field_groups",)

    def subject(self) -> Subject:
        return Subject("field_group")


class FieldValuesChanged(Event, frozen=True):
    """Values of a term, a user, a comment or an options page changed."""

    tag = "fields:values:change"
    covers = ("cms.field_values",)
    kind: OwnerKind
    subject_id: int

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


EVENTS = (FieldGroupSaved, FieldGroupRemoved, FieldValuesChanged)
