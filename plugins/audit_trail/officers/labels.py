"""What an action is called by people, in Portuguese and in English."""

from collections.abc import Mapping
from typing import Any

LANGUAGES = {"pt-BR": "pt", "pt": "pt", "en": "en", "en-US": "en"}

_LABELS: Mapping[str, tuple[str, str]] = {
    "audit:alert:acknowledge": ("Alerta reconhecido", "Alert acknowledged"),
    "audit:alert:raise": ("Alerta emitido", "Alert raised"),
    "audit:trail:download": ("Trilha baixada", "Trail downloaded"),
    "audit:trail:read": ("Trilha consultada", "Trail consulted"),
    "content:autosave:keep": ("Rascunho automático guardado", "Autosave kept"),
    "content:comment:create": ("Comentário recebido", "Comment received"),
    "content:comment:delete": ("Comentário excluído", "Comment deleted"),
    "content:comment:edit": ("Comentário alterado", "Comment changed"),
    "content:comment:moderate": ("Comentário moderado", "Comment moderated"),
    "content:post:create": ("Texto criado", "Text created"),
    "content:post:erase": ("Texto apagado em definitivo", "Text erased for good"),
    "content:post:hand_over": ("Textos passados a outra pessoa", "Texts handed over"),
    "content:post:inherit": ("Trazido de outro site", "Brought in from another site"),
    "content:post:refuse_publication": (
        "Publicação agendada recusada",
        "Scheduled publication refused",
    ),
    "content:post:set": ("Propriedades alteradas", "Properties changed"),
    "content:post:transition": ("Situação alterada", "Status changed"),
    "content:revision:save": ("Revisão salva", "Revision saved"),
    "fields:values:change": ("Campos alterados", "Fields changed"),
    "host:action:refuse": ("Ação recusada", "Action refused"),
    "identity:application_password:create": (
        "Senha de aplicativo criada",
        "Application password made",
    ),
    "identity:application_password:delete": (
        "Senhas de aplicativo revogadas",
        "Application passwords revoked",
    ),
    "identity:application_password:edit": (
        "Senha de aplicativo alterada",
        "Application password changed",
    ),
    "identity:application_password:use": (
        "Senha de aplicativo usada",
        "Application password used",
    ),
    "identity:session:forget": ("Sessões antigas apagadas", "Old sessions erased"),
    "identity:session:new_agent": ("Entrou por outro navegador", "Signed in by another browser"),
    "identity:session:refuse": ("Entrada recusada", "Sign-in refused"),
    "identity:session:renew": ("Identidade confirmada de novo", "Identity confirmed anew"),
    "identity:session:sign_in": ("Entrou", "Signed in"),
    "identity:session:sign_out": ("Saiu", "Signed out"),
    "identity:user:create": ("Conta criada", "Account made"),
    "identity:user:credentials": ("Credenciais alteradas", "Credentials changed"),
    "identity:user:delete": ("Conta encerrada", "Account closed"),
    "identity:user:edit": ("Perfil alterado", "Profile changed"),
    "identity:user:factors": ("Segundo fator alterado", "Second factor changed"),
    "identity:user:promote": ("Funções alteradas", "Roles changed"),
    "media:file:remove": ("Arquivo excluído", "File deleted"),
    "media:file:renew": ("Tamanhos da imagem refeitos", "Sizes of the picture made anew"),
    "media:file:upload": ("Arquivo enviado", "File uploaded"),
    "review:comment:delete": ("Comentário retirado", "Comment taken back"),
    "review:comment:edit": ("Comentário reescrito", "Comment put otherwise"),
    "review:comment:mention": ("Pessoa mencionada", "Person mentioned"),
    "review:comment:write": ("Comentário escrito", "Comment written"),
    "review:review:decide": ("Revisão decidida", "Review decided"),
    "review:review:open": ("Enviado para revisão", "Submitted for review"),
    "review:review:withdraw": ("Revisão retirada", "Review withdrawn"),
    "review:suggestion:accept": ("Sugestão aceita", "Suggestion accepted"),
    "review:suggestion:reject": ("Sugestão recusada ou retirada", "Suggestion not taken"),
    "review:thread:open": ("Discussão aberta", "Discussion opened"),
    "review:thread:reopen": ("Discussão reaberta", "Discussion reopened"),
    "review:thread:resolve": ("Discussão resolvida", "Discussion settled"),
    "sealing:value:erase": ("Valores sensíveis apagados", "Sensitive values erased"),
    "sealing:value:open": ("Valores sensíveis lidos", "Sensitive values read"),
    "sealing:value:seal": ("Valores sensíveis guardados", "Sensitive values kept"),
    "site:preview:issue": ("Link de prévia criado", "Preview link given out"),
    "site:preview:revoke": ("Links de prévia anulados", "Preview links made void"),
}

# What a status or a verdict makes of an action.
_MOVES: Mapping[str, tuple[str, str]] = {
    "publish": ("Publicado", "Published"),
    "future": ("Publicação agendada", "Publication scheduled"),
    "pending": ("Enviado para aprovação", "Submitted for approval"),
    "draft": ("Devolvido a rascunho", "Back to draft"),
    "private": ("Publicado em particular", "Published privately"),
    "trash": ("Movido para a lixeira", "Moved to the bin"),
}
_VERDICTS: Mapping[str, tuple[str, str]] = {
    "approve": ("Aprovado na revisão", "Approved in review"),
    "send_back": ("Devolvido na revisão", "Sent back in review"),
}
_OUTCOMES: Mapping[str, tuple[str, str]] = {
    "refused": ("recusado", "refused"),
    "failed": ("falhou", "failed"),
}
_SAY_IT_THEMSELVES = ("host:action:refuse", "identity:session:refuse")


def label(action: str, outcome: str, detail: Mapping[str, Any] | None, tongue: str) -> str:
    """A few words; an action without any is called by its tag."""
    place = 0 if tongue == "pt" else 1
    said = _words(action, detail or {})
    words = said[place] if said else action
    if outcome in _OUTCOMES and action not in _SAY_IT_THEMSELVES:
        words = f"{words} ({_OUTCOMES[outcome][place]})"
    return words


def _words(action: str, detail: Mapping[str, Any]) -> tuple[str, str] | None:
    if action == "content:post:transition":
        return _MOVES.get(str(detail.get("to_status")), _LABELS[action])
    if action == "review:review:decide":
        return _VERDICTS.get(str(detail.get("verdict")), _LABELS[action])
    if action == "host:action:refuse" and detail.get("action"):
        refused = str(detail["action"])
        return f"Recusado: {refused}", f"Refused: {refused}"
    return _LABELS.get(action)
