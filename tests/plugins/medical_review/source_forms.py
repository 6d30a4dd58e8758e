"""What Crossref, PubMed and Europe PMC write, in their documented forms; the study is invented."""

import asyncio
import json
from typing import Any

from tests.plugins.professional_registry.wire.server import Script, head_of, reply

DOI, PMID, PMCID = "10.5555/dor.2021.7", "33330124", "PMC7745181"
JSON = "application/json;charset=utf-8"


def said(body: Any, status: str = "200 OK", **headers: str) -> Script:
    text = body if isinstance(body, str) else json.dumps(body)
    return reply(text.encode(), JSON, status, **headers)


def crossref_work(**changes: Any) -> dict[str, Any]:
    return {
        "DOI": DOI.upper(),
        "type": "journal-article",
        "title": ["Ensaio inventado da <i>dor</i>"],
        "author": [
            {"given": "Ana Maria", "family": "Inventada", "sequence": "first", "affiliation": []},
            {"name": "Grupo Inventado", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Revista Inventada de Neurologia"],
        "short-container-title": ["Rev Invent Neurol"],
        "issued": {"date-parts": [[2021, 5, 3]]},
        "volume": "12",
        "issue": "3",
        "page": "100-109",
        "publisher": "Editora Inventada",
        "ISSN": ["0000-0019"],
        "reference-count": 30,
        **changes,
    }


def crossref(**changes: Any) -> dict[str, Any]:
    return {"status": "ok", "message-type": "work", "message": crossref_work(**changes)}


def summary(**changes: Any) -> dict[str, Any]:
    record = {
        "uid": PMID,
        "pubdate": "2021 May 3",
        "source": "Rev Invent Neurol",
        "authors": [
            {"name": "Inventada AM", "authtype": "Author", "clusterid": ""},
            {"name": "Grupo Inventado", "authtype": "CollectiveName", "clusterid": ""},
        ],
        "title": "Ensaio inventado da dor.",
        "volume": "12",
        "issue": "3",
        "pages": "100-9",
        "lang": ["por"],
        "issn": "0000-0019",
        "pubtype": ["Journal Article"],
        "articleids": [
            {"idtype": "pubmed", "idtypen": 1, "value": PMID},
            {"idtype": "pmc", "idtypen": 8, "value": PMCID},
            {"idtype": "doi", "idtypen": 3, "value": DOI.upper()},
        ],
        "fulljournalname": "Revista Inventada de Neurologia",
        "references": [],
        **changes,
    }
    return {"header": {"type": "esummary"}, "result": {"uids": [PMID], PMID: record}}


def searched(*ids: str) -> dict[str, Any]:
    return {"header": {"type": "esearch"}, "esearchresult": {"count": "1", "idlist": list(ids)}}


def europe(**changes: Any) -> dict[str, Any]:
    record = {
        "id": PMID,
        "source": "MED",
        "pmid": PMID,
        "pmcid": PMCID,
        "doi": DOI,
        "title": "Ensaio inventado da dor.",
        "authorString": "Inventada AM.",
        "authorList": {
            "author": [
                {"fullName": "Inventada AM", "firstName": "Ana Maria", "lastName": "Inventada"},
                {"collectiveName": "Grupo Inventado"},
            ]
        },
        "journalInfo": {
            "issue": "3",
            "volume": "12",
            "yearOfPublication": 2021,
            "monthOfPublication": 5,
            "journal": {
                "title": "Revista Inventada de Neurologia",
                "medlineAbbreviation": "Rev Invent Neurol",
            },
        },
        "pubYear": "2021",
        "pageInfo": "100-109",
        "pubTypeList": {"pubType": ["Journal Article"]},
        **changes,
    }
    return {"version": "6.9", "hitCount": 1, "resultList": {"result": [record]}}


async def dripping(_: bytes, writer: asyncio.StreamWriter) -> None:
    """One byte now and then: each read is in time, the whole never is."""
    writer.write(head_of(1000, JSON))
    for _number in range(100):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
    """Half of an answer, and then the connection is torn down."""
    writer.write(head_of(1000, JSON) + b'{"message"')
    await writer.drain()
    writer.transport.abort()
