"""What happens to field groups and to the values of things that are not posts."""

from cms.fields.vocabulary import FieldsTag
from cms.kernel.events import Event, Subject
from cms.kernel.lawfulness import DataClass, DataSubject, LegalBasis
from cms.sealing.events import OwnerKind


class FieldGroupSaved(Event, frozen=True):
    """A field group is new or has another version; before and after name what differs."""

    tag = FieldsTag.GROUP_SAVE
    covers = ("cms.field_groups", "cms.field_group_versions")
    version: int

    def subject(self) -> Subject:
        return Subject("field_group")


class FieldGroupRemoved(Event, frozen=True):
    """A field group is no longer used; its versions and the values written with it stay."""

    tag = FieldsTag.GROUP_REMOVE
    covers = ("cms.field_groups",)

    def subject(self) -> Subject:
        return Subject("field_group")


class FieldValuesChanged(Event, frozen=True):
    """Values of a term, a user, a comment or an options page changed."""

    tag = FieldsTag.VALUES_CHANGE
    data = DataClass.PERSONAL
    basis = LegalBasis.CONTRACT
    covers = ("cms.field_values",)
    kind: OwnerKind
    subject_id: int

    def data_subject(self) -> DataSubject | None:
        is_person = self.kind is OwnerKind.USER
        return DataSubject.user(self.subject_id) if is_person else self.about

    def subject(self) -> Subject:
        return Subject(self.kind.value, self.subject_id)


EVENTS = (FieldGroupSaved, FieldGroupRemoved, FieldValuesChanged)
