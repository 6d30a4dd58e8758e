"""What a form sent."""

from cms.admin.forms import Form

SENT = Form(
    [
        ("title", " Dor \r\n"),
        ("tag", "1"),
        ("tag", ""),
        ("tag", "x"),
        ("tag", "-4"),
        ("meta.a", "b"),
    ]
)


def test_lines_end_as_they_did_on_the_page() -> None:
    assert SENT.raw("title") == " Dor \n"
    assert SENT.text("title") == "Dor"
    assert SENT.text("nothing", "otherwise") == "otherwise"


def test_what_is_no_number_is_left_out() -> None:
    assert SENT.all("tag") == ["1", "x", "-4"]
    assert SENT.numbers("tag") == [1, -4]
    assert SENT.number("title") is None
    assert SENT.below("meta.") == {"a": "b"}
    assert SENT.has("tag")
    assert not SENT.has("nothing")


def test_a_fault_belongs_to_its_field() -> None:
    faults: dict[str, str] = {}
    assert SENT.read("meta.a", int, faults) is None
    assert list(faults) == ["meta.a"]
