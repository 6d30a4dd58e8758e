"""The CFM's web service "Consulta Médicos" (Res. CFM 2.129/2015): SOAP 1.1, asked with the
customer's own key. The CFM excludes intermediaries, so a hosted installation points `url` at a
connector on the customer's side.

What stands here of names, codes and forms is known only from public client code; it was not tried
against the real service.
"""

from datetime import datetime
from typing import NamedTuple

from lxml import etree

from plugins.professional_registry.councils import CRM
from plugins.professional_registry.identity import RegistrationId, of_roster
from plugins.professional_registry.identity_proof import Confirmation, IdentityProof
from plugins.professional_registry.names import is_same_name
from plugins.professional_registry.provider import Answer, Capabilities
from plugins.professional_registry.providers.online import Online, date_of, plain, refuse_future
from plugins.professional_registry.roster import parse_specialties
from plugins.professional_registry.safe_xml import first_text, local_name, parse_xml, texts
from plugins.professional_registry.statuses import Status, is_settled_type, normalise
from plugins.professional_registry.wire import Fault, Question, Reply, SourceFault

_SERVICE = "http://servico.cfm.org.br/"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
# The letter, and its words as the service and the bulk file have been seen to write them. Looser
# reading is for bad news only.
_ACTIVE = frozenset({"A", "Regular", "REGULAR", "Ativo", "ATIVO"})
_OUTCOMES = {
    "8101": (Status.NOT_FOUND, "the register has no such number"),
    "4000": (Status.UNVERIFIED, "the service does not accept the UF"),
    "4010": (Status.UNVERIFIED, "the service does not accept the number"),
}
_FAULTS = {
    "3010": Fault.KEY_REFUSED,
    "4020": Fault.KEY_MISSING,
    "2010": Fault.TRANSIENT,
    "2030": Fault.TRANSIENT,
    "2040": Fault.TRANSIENT,
}


class Entry(NamedTuple):
    """A physician as the service describes one; texts as they came, made printable."""

    number: str
    uf: str
    name: str
    status: str
    kind: str
    specialties: str
    changed: str


class CfmSoap(Online):
    """Knows physicians of all 27 regionals, from a base of the day."""

    name = "cfm-soap"
    official = "https://ws.cfm.org.br:8080/WebServiceConsultaMedicos/ServicoConsultaMedicos"
    capabilities = Capabilities(
        councils=(CRM,), is_online=True, needs_key=True, matches_identity=True, per_minute=180
    )

    def validate_format(self, identity: RegistrationId) -> str | None:
        if identity.council != CRM:
            return f"the CFM has no {identity.council} numbers"
        return None if _asked(identity) else f"{identity.number!r} has no form of a CRM number"

    async def find(
        self, identity: RegistrationId, name: str, now: datetime, seconds: float
    ) -> Answer:
        """`Consultar`: number, UF and key."""
        body = await self._call("Consultar", _number_of(identity), seconds)
        return self._read(body, identity, name, now)

    async def lookup_complete(
        self, identity: RegistrationId, name: str, proof: IdentityProof, now: datetime
    ) -> Answer:
        """`ConsultaCompleta`: the same answer for somebody who has shown who she is."""
        fields = {**_number_of(identity), **_proof_of(proof)}

        async def attempt(seconds: float) -> Answer:
            body = await self._call("ConsultaCompleta", fields, seconds)
            return self._read(body, identity, name, now)

        return await self.asked(now, attempt)

    async def confirm(self, identity: RegistrationId, proof: IdentityProof) -> Confirmation:
        """`Validar`: whether number, CPF and birth date are one person's. Ask it through
        `identity_check`, which records the legal basis."""
        fields = {**_number_of(identity), **_proof_of(proof)}
        try:
            body = await self._line.ask(lambda seconds: self._call("Validar", fields, seconds))
        except SourceFault:
            return Confirmation.UNKNOWN
        said = "|".join((e.text or "").strip() for e in body.iter("{*}resultadoConsulta"))
        words = {"true": Confirmation.CONFIRMED, "false": Confirmation.DENIED}
        return words.get(said, Confirmation.UNKNOWN)

    async def _call(self, operation: str, fields: dict[str, str], seconds: float) -> etree._Element:
        question = Question(
            "POST",
            self._url,
            ("text/xml", "application/xml", "application/soap+xml"),
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
            body=envelope(operation, {**fields, "chave": self.key()}),
            statuses=(200, 500),
        )
        return _body_of(await self._wire.send(question, seconds), operation)

    def _read(
        self, body: etree._Element, identity: RegistrationId, name: str, now: datetime
    ) -> Answer:
        code = _error_code(body)
        if code in _OUTCOMES:
            status, note = _OUTCOMES[code]
            return self.answer(now, status, note=note)
        entries = _entries(body)
        if any(of_roster(e.uf, e.number) != _asked(identity) for e in entries):
            return self.answer(now, Status.UNVERIFIED, note="the answer is about another number")
        if len(entries) > 1:
            entries = [e for e in entries if is_same_name(e.name, name)]
        if len(entries) != 1:
            return self.answer(now, Status.UNVERIFIED, note="several people have it")
        return self._found(entries[0], now)

    def _found(self, entry: Entry, now: datetime) -> Answer:
        status, changed = _status_of(entry), date_of(entry.changed)
        refuse_future(status, changed, now)
        return self.answer(
            now,
            status,
            name=entry.name or None,
            status_raw=entry.status,
            category=entry.kind,
            specialties=parse_specialties(entry.specialties),
            evidence={"dataAtualizacao": entry.changed},
            changed_at=changed,
        )


def envelope(operation: str, fields: dict[str, str]) -> bytes:
    """The SOAP message; the children carry no namespace, as the service wants them."""
    root = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soapenv": _SOAP, "ser": _SERVICE})
    body = etree.SubElement(root, f"{{{_SOAP}}}Body")
    call = etree.SubElement(body, f"{{{_SERVICE}}}{operation}")
    for name, value in fields.items():
        etree.SubElement(call, name).text = value
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _asked(identity: RegistrationId) -> RegistrationId | None:
    """The key as the service knows it: without the 52 that Rio de Janeiro prints before it."""
    return of_roster(identity.regional, identity.number)


def _number_of(identity: RegistrationId) -> dict[str, str]:
    asked = _asked(identity) or identity
    return {"crm": asked.number, "uf": asked.regional}


def _proof_of(proof: IdentityProof) -> dict[str, str]:
    return {"cpf": proof.cpf, "dataNascimento": f"{proof.born:%d/%m/%Y}"}


def _body_of(reply: Reply, operation: str) -> etree._Element:
    """The SOAP body. SourceFault for the service's own faults and for anything but its answer."""
    root = parse_xml(reply.body)
    body = next((child for child in root if local_name(child) == "Body"), None)
    if local_name(root) != "Envelope" or body is None:
        raise SourceFault(Fault.MALFORMED, "no SOAP envelope")
    code = _error_code(body)
    if code and code not in _OUTCOMES:
        raise SourceFault(_FAULTS.get(code, Fault.REFUSED), f"code {code}")
    if not code and reply.status != 200:
        raise SourceFault(Fault.HTTP_STATUS, str(reply.status))
    answered = {local_name(child) for child in body}
    if not code and answered != {f"{operation}Response"}:
        raise SourceFault(Fault.MALFORMED, f"no answer to {operation}")
    return body


def _error_code(body: etree._Element) -> str:
    """Its words are left out: nobody knows whether they quote the question."""
    for element in body.iter("{*}codigoErro"):
        code = (element.text or "").strip()
        if code not in {"", "0"}:
            return code if code.isascii() and code.isdigit() and len(code) <= 6 else "unknown"
    return ""


def _entries(body: etree._Element) -> list[Entry]:
    found = [_entry(e) for e in body.iter("{*}*") if texts(e, "situacao")]
    if not found:
        raise SourceFault(Fault.MALFORMED, "no physician and no error in the answer")
    return found


def _entry(element: etree._Element) -> Entry:
    if len(texts(element, "situacao")) != 1:
        raise SourceFault(Fault.MALFORMED, "several statuses for one person")

    def said(name: str) -> str:
        return plain(first_text(element, name))

    return Entry(
        number=said("crm"),
        uf=said("uf"),
        name=said("nome"),
        status=said("situacao"),
        kind=said("tipoInscricao"),
        specialties="&".join(plain(text) for text in texts(element, "especialidade")),
        changed=said("dataAtualizacao"),
    )


def _status_of(entry: Entry) -> Status:
    status = normalise(CRM, entry.status)
    is_exact = entry.status in _ACTIVE and is_settled_type(CRM, entry.kind)
    return Status.UNVERIFIED if status.may_sign and not is_exact else status
