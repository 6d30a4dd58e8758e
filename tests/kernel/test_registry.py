"""Which plugins fit each other, and what is said of those that do not."""

from typing import Any

import msgspec
import pytest

from cms.errors import SetupError
from cms.host import build_registry
from cms.kernel.declarations import Job, PostType, RestField, RevisionPart, Role, Taxonomy
from cms.kernel.events import Event
from cms.kernel.plugin import NoSettings, Plugin
from cms.kernel.registry import PluginProblem, Registry, choose, installed, ordered
from cms.settings import Settings


class Told(Event, frozen=True):
    """Something happened."""

    tag = "test:thing:tell"


class ToldAgain(Event, frozen=True):
    """It happened again, and says the same tag."""

    tag = "test:thing:tell"


def _slugs(*plugins: Plugin) -> list[str]:
    return [plugin.slug for plugin in ordered(plugins)]


def test_plugins_come_after_what_they_require_and_else_as_listed() -> None:
    assert _slugs(
        Plugin(slug="review", requires=("registry", "policy")),
        Plugin(slug="policy"),
        Plugin(slug="audit"),
        Plugin(slug="registry", requires=("policy",)),
    ) == ["policy", "audit", "registry", "review"]


def test_a_missing_requirement_is_named_with_the_one_who_wants_it() -> None:
    with pytest.raises(PluginProblem, match="'review' requires 'registry'; enable it too"):
        Registry([Plugin(slug="review", requires=("registry",))])


def test_a_circle_is_refused_with_its_members() -> None:
    with pytest.raises(PluginProblem, match="in a circle: hen, egg"):
        Registry(
            [
                Plugin(slug="farm"),
                Plugin(slug="hen", requires=("egg",)),
                Plugin(slug="egg", requires=("hen",)),
            ]
        )


def test_a_plugin_that_is_not_installed_is_refused_with_those_that_are() -> None:
    with pytest.raises(PluginProblem, match=r"'reveiw' is enabled .* installed are: audit, review"):
        choose({"review": Plugin(slug="review"), "audit": Plugin(slug="audit")}, ["reveiw"])


@pytest.mark.parametrize("slug", ["", "x", "Review", "medical-review", "2look", "a" * 32])
def test_a_slug_is_lower_snake(slug: str) -> None:
    with pytest.raises(ValueError, match="must be lower_snake"):
        Plugin(slug=slug)


def _field(name: str) -> RestField:
    return RestField(name, {}, ("leaflet",), part="p")


async def _job(work: Any) -> None: ...


@pytest.mark.parametrize(
    ("declared", "named"),
    [
        ({"post_types": (PostType("leaflet", "leaflets", "L"),)}, "post type 'leaflet'"),
        ({"taxonomies": (Taxonomy("season", "seasons", "S", ()),)}, "taxonomy 'season'"),
        ({"revision_parts": (RevisionPart("look", (), {}),)}, "revision part 'look'"),
        ({"roles": (Role("editor", "E", frozenset()),)}, "role 'editor'"),
        ({"capabilities": {"give_look": "…"}}, "capability 'give_look'"),
        ({"events": (Told,)}, "event 'Told'"),
        ({"jobs": (Job("sweep", _job),)}, "job 'sweep'"),
    ],
)
def test_two_plugins_may_not_declare_the_same_name(declared: dict[str, Any], named: str) -> None:
    registry = Registry([Plugin(slug="one", **declared), Plugin(slug="two", **declared)])
    with pytest.raises(PluginProblem, match=f"{named} is declared twice"):
        registry.check()


def test_two_plugins_of_one_slug_do_not_replace_each_other() -> None:
    with pytest.raises(PluginProblem, match="plugin 'review' is declared twice"):
        Registry([Plugin(slug="review"), Plugin(slug="review")])


def test_two_events_may_not_share_a_tag_of_the_trail() -> None:
    registry = Registry(
        [Plugin(slug="one", events=(Told,)), Plugin(slug="two", events=(ToldAgain,))]
    )
    with pytest.raises(PluginProblem, match="audit tag 'test:thing:tell'"):
        registry.check()


def test_two_fields_of_one_type_may_not_share_a_key_but_those_of_two_types_may() -> None:
    leaflet = PostType("leaflet", "leaflets", "Leaflets")
    one = Plugin(slug="one", post_types=(leaflet,), rest_fields=(_field("level"),))
    with pytest.raises(PluginProblem, match="REST field of leaflet 'level' is declared twice"):
        Registry([one, Plugin(slug="two", rest_fields=(_field("level"),))]).check()
    elsewhere = RestField("level", {}, ("poster",), part="p")
    Registry([one, Plugin(slug="two", rest_fields=(elsewhere,))]).check()


def test_a_grant_to_a_role_that_nobody_declares_is_refused() -> None:
    registry = Registry([Plugin(slug="look", grants={"proofreeder": frozenset({"x"})})])
    with pytest.raises(PluginProblem, match="'look' grants to unknown role 'proofreeder'"):
        registry.check()


def test_a_grant_adds_to_the_role_that_another_plugin_declares() -> None:
    registry = Registry(
        [
            Plugin(slug="people", roles=(Role("editor", "Editor", frozenset({"read"})),)),
            Plugin(slug="look", grants={"editor": frozenset({"give_look"})}),
        ]
    )
    assert registry.roles["editor"].capabilities == {"read", "give_look"}


class LookSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    wanted: int = 1


def test_settings_reach_the_plugin_that_declares_them() -> None:
    look = Plugin(slug="look", settings=LookSettings)
    assert Registry([look]).settings(LookSettings).wanted == 1
    chosen = Registry([look, Plugin(slug="other")], {"look": {"wanted": 3}})
    assert chosen.settings(LookSettings).wanted == 3
    assert chosen.settings(NoSettings) == NoSettings()


@pytest.mark.parametrize("given", [{"wanted": "three"}, {"wnated": 3}])
def test_a_wrong_setting_is_refused_with_its_place(given: dict[str, Any]) -> None:
    with pytest.raises(PluginProblem, match=r"plugins\.look refused: .*(wanted|wnated)"):
        Registry([Plugin(slug="look", settings=LookSettings)], {"look": given})


def test_the_bundled_plugins_come_by_the_same_door_and_fit_each_other() -> None:
    registry = build_registry(Settings())
    assert registry.plugins[0].slug == "core"
    assert set(Settings().enabled) <= set(installed())
    registry.check()


def test_a_wrong_list_of_plugins_is_one_line_for_the_operator() -> None:
    with pytest.raises(SetupError, match="'zero_trusd' is enabled in the settings"):
        build_registry(Settings(enabled=("zero_trusd",)))
