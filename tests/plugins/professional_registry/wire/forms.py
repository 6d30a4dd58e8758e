"""The answers of the three services in the form that the facts document (regulation.md §1)."""

import json
import re
from typing import Any
from xml.sax.saxutils import escape

JSON, FHIR = "application/json", "application/fhir+json"


def soap(inside: str, operation: str = "Consultar") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>'
        f'<ns2:{operation}Response xmlns:ns2="http://servico.cfm.org.br/">{inside}'
        f"</ns2:{operation}Response></S:Body></S:Envelope>"
    ).encode()


def physician(
    status: str = "A",
    number: str = "9900101",
    uf: str = "SP",
    name: str = "ANA MARIA INVENTADA",
    kind: str = "P",
    changed: str = "20/11/2020",
) -> str:
    return (
        f"<dadosMedico><crm>{number}</crm><dataAtualizacao>{changed}</dataAtualizacao>"
        f"<especialidade>CARDIOLOGIA - RQE Nº: 99991</especialidade>"
        f"<especialidade>ACUPUNTURA</especialidade><nome>{escape(name)}</nome>"
        f"<situacao>{escape(status)}</situacao><tipoInscricao>{kind}</tipoInscricao>"
        f"<uf>{uf}</uf></dadosMedico>"
    )


def error(code: str) -> str:
    return (
        f"<resultado><codigoErro>{code}</codigoErro>"
        f"<descricaoErro>Chave KEY-OF-THE-CUSTOMER recusada</descricaoErro></resultado>"
    )


def fields_of(request: bytes) -> dict[str, str]:
    """The leaves of the SOAP question."""
    body = request.partition(b"\r\n\r\n")[2].decode()
    return dict(re.findall(r"<(\w+)>([^<]*)</\1>", body))


def enumerated(**changes: Any) -> bytes:
    basic = {
        "first_name": "ANA",
        "middle_name": "MARIA",
        "last_name": "INVENTADA",
        "credential": "MD",
        "enumeration_date": "2010-01-01",
        "last_updated": "2020-01-01",
        "status": "A",
    } | changes.pop("basic", {})
    taxonomy = {"code": "207R", "desc": "Internal Medicine", "primary": True, "state": "NY"}
    result = {
        "number": "1234567893",
        "enumeration_type": "NPI-1",
        "basic": basic,
        "taxonomies": [taxonomy | {"license": "X99999"}],
        "addresses": [{"city": "NOWHERE"}],
    } | changes
    return json.dumps({"result_count": 1, "results": [result]}).encode()


def practitioner(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": "003-1",
        "active": True,
        "meta": {"lastUpdated": "2020-01-01T00:00:00Z"},
        "identifier": [{"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "810001234567"}],
        "name": [{"family": "INVENTEE", "given": ["Anne", "Marie"]}],
        "qualification": [{"code": {"coding": [{"code": "SM04", "display": "Cardiologie"}]}}],
    } | changes


def role(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "PractitionerRole",
        "id": "005-1",
        "active": True,
        "practitioner": {"reference": "Practitioner/003-1"},
    } | changes


def bundle(*resources: dict[str, Any]) -> bytes:
    entries = [{"resource": resource} for resource in resources]
    return json.dumps({"resourceType": "Bundle", "type": "searchset", "entry": entries}).encode()
