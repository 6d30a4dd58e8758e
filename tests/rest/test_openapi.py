"""The OpenAPI description of the WordPress door is whole: what it names is in it."""

import json
import re

import pytest

from cms.rest.typescript import typescript

# A named group with what it holds, parentheses within it too.
_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")


@pytest.fixture
async def document(cms):
    response = await cms.http.get("/wp-json/openapi.json")
    assert response.headers["Content-Type"].startswith("application/json")
    return response.json()


async def test_every_route_of_the_index_is_described(cms, document):
    index = (await cms.http.get("/wp-json/")).json()["routes"]
    plain = {_GROUP.sub(r"{\1}", path): one for path, one in index.items()}
    assert set(document["paths"]) == set(plain)
    for path, operations in document["paths"].items():
        assert {method.upper() for method in operations} == set(plain[path]["methods"])
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://clinica.example/wp-json"}]


async def test_what_is_referred_to_exists_and_names_are_told_apart(document):
    schemas = document["components"]["schemas"]
    referred = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert referred == set(schemas)
    operations = [
        (path, one) for path, methods in document["paths"].items() for one in methods.values()
    ]
    names = [one["operationId"] for _, one in operations]
    assert len(set(names)) == len(names)
    for path, one in operations:
        in_path = {p["name"] for p in one["parameters"] if p["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path)), path


def words(schema):
    for word, value in schema.items():
        yield word, value
        if word == "properties":
            for one in value.values():
                yield from words(one)
        elif word in {"items", "additionalProperties"} and isinstance(value, dict):
            yield from words(value)


async def test_schemas_speak_json_schema(document):
    for schema in document["components"]["schemas"].values():
        for word, value in words(schema):
            assert word not in {"context", "readonly", "$schema"}
            assert word != "required" or isinstance(value, list)
            assert word != "type" or value != "text"
    made = document["paths"]["/wp/v2/categories"]["post"]["requestBody"]["content"]
    assert made["application/json"]["schema"]["required"] == ["name"]
    listed = document["paths"]["/wp/v2/posts"]["get"]
    shown = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert shown == {"type": "array", "items": {"$ref": "#/components/schemas/Post"}}


def test_types_name_what_plugins_add_by_context(host):
    text = typescript(host.registry)
    article = text.split("export interface MedicalArticle extends")[1].split("\n}")[0]
    assert "evidence_level:" in article
    assert "raw:" not in article
    assert "password:" not in article
    edited = text.split("export interface MedicalArticleEdit extends")[1].split("\n}")[0]
    assert "raw: string" in edited
    assert '"medical-articles": MedicalArticle;' in text
    assert 'export type TaxonomyName = "category"' in text
