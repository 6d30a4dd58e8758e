"""What the screens of field groups ask the database for, however much there is to show."""

from tests.admin.conftest import Visiting
from tests.support.clinic import Clinic
from tests.support.queries import counted
from tests.support.visiting import Visitor


async def statements(cms: Clinic, admin: Visitor, path: str) -> int:
    await admin.get(path)
    with counted(cms.host) as made:
        assert (await admin.get(path)).status == 200
    return len(made.sent)


async def keep(cms: Clinic, number: int, fields: int) -> None:
    """A group with so many fields."""
    person = await cms.person("adm", ["administrator"])
    listed = [
        {
            "key": f"field_{number}_{at}",
            "label": f"C{at}",
            "name": f"c{number}_{at}",
            "type": "text",
        }
        for at in range(fields)
    ]
    group = {"key": f"group_{number}", "title": f"G{number}", "fields": listed, "location": []}
    made = await person.post("/api/v1/field-groups", group)
    assert made.status_code == 201, made.text


async def test_more_groups_and_fields_take_no_more_statements(
    visitor: Visiting, cms: Clinic
) -> None:
    admin = await visitor("adm", ["administrator"])
    await keep(cms, 1, 1)
    one = {path: await statements(cms, admin, path) for path in paths(1)}
    for number in (2, 3, 4):
        await keep(cms, number, 10)
    many = [await statements(cms, admin, path) for path in paths(4)]
    assert many == [*one.values()]
    assert max(many) <= 8, many


def paths(number: int) -> list[str]:
    group = f"/admin/fields/group_{number}"
    one = f"{group}/fields/field_{number}_0"
    return ["/admin/fields", group, one, f"{group}/location", f"{group}/preview"]
