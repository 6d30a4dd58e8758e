"""What an action is called by people, in Portuguese and in English."""

from collections.abc import Mapping
from typing import Any

LANGUAGES = {"pt-BR": "pt", "pt": "pt", "en": "en", "en-US": "en"}

_LABELS: Mapping[str, tuple[str, str]] = {
    "audit:alert:acknowledge": ("Alerta reconhecido", "Alert acknowledged"),
    "audit:alert:mail": ("Alerta enviado por e-mail", "Alert mailed"),
    "audit:alert:raise": ("Alerta emitido", "Alert raised"),
    "audit:alert_rule:remove": ("Regra de alerta removida", "Alert rule removed"),
    "audit:alert_rule:save": ("Regra de alerta salva", "Alert rule saved"),
    "audit:epoch:close": ("Época do registro encerrada", "Epoch of the log closed"),
    "audit:guard:switch": ("Guarda do banco ligada ou desligada", "Guard of the database switched"),
    "audit:hold:place": ("Eventos retidos", "Events held back"),
    "audit:hold:release": ("Retenção liberada", "Hold released"),
    "audit:log:verify": ("Registro verificado", "Log verified"),
    "audit:maintenance:say": ("Manutenção manual declarada", "Maintenance by hand declared"),
    "audit:personal:erase": (
        "Valores pessoais apagados por determinação",
        "Personal values erased on an order",
    ),
    "audit:personal:expire": ("Valores pessoais vencidos", "Personal values expired"),
    "audit:personal:report": ("Relatório de acesso feito", "Access report made"),
    "audit:quarantine:settle": ("Entrada posta de lado examinada", "Entry set aside looked at"),
    "audit:range:approve": ("Eliminação de intervalo aprovada", "Pruning of a range approved"),
    "audit:range:prune": ("Intervalo eliminado", "Range pruned"),
    "audit:retention:set": ("Prazo de guarda alterado", "Retention changed"),
    "audit:search:remove": ("Busca salva removida", "Saved search removed"),
    "audit:search:save": ("Busca salva", "Search saved"),
    "audit:trail:ask_export": ("Exportação encomendada", "Export ordered"),
    "audit:trail:beat": ("Sinal de vida da trilha", "Sign of life of the trail"),
    "audit:trail:download": ("Trilha baixada", "Trail downloaded"),
    "audit:trail:export": ("Exportação feita", "Export made"),
    "audit:trail:fetch_export": ("Exportação baixada", "Export fetched"),
    "audit:trail:read": ("Trilha consultada", "Trail consulted"),
    "audit:trail:search": (
        "Trilha consultada por outro sistema",
        "Trail consulted by another system",
    ),
    "audit:verification:ask": ("Verificação pedida", "Verification asked for"),
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
    "identity:application_password:use": ("Senha de aplicativo usada", "Application password used"),
    "identity:invitation:accept": ("Convite aceito", "Invitation accepted"),
    "identity:invitation:end": ("Convite encerrado", "Invitation ended"),
    "identity:invitation:mail": ("Convite enviado", "Invitation mailed"),
    "identity:invitation:make": ("Convite feito", "Invitation made"),
    "identity:password:ask": ("Nova senha pedida", "New password asked for"),
    "identity:password:choose": ("Senha escolhida", "Password chosen"),
    "identity:password:mail": ("Link de senha enviado", "Password link mailed"),
    "identity:role:delete": ("Função excluída", "Role deleted"),
    "identity:role:edit": ("Função alterada", "Role changed"),
    "identity:roles:found": ("Funções iniciais criadas", "First roles made"),
    "identity:session:end": ("Sessão encerrada", "Session ended"),
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
    "identity:user:sign_out": ("Sessões da pessoa encerradas", "Sessions of the person ended"),
    "identity:user:unlock": ("Conta desbloqueada", "Account unlocked"),
    "media:file:remove": ("Arquivo excluído", "File deleted"),
    "media:file:renew": ("Tamanhos da imagem refeitos", "Sizes of the picture made anew"),
    "media:file:upload": ("Arquivo enviado", "File uploaded"),
    "registry:case:act": ("Providência tomada num caso", "Something done in a case"),
    "registry:case:close": ("Caso encerrado", "Case closed"),
    "registry:case:contest": ("Caso contestado", "Case contested"),
    "registry:case:open": ("Caso aberto", "Case opened"),
    "registry:case:review": ("Caso revisado", "Case reviewed"),
    "registry:clinic:identify": ("Clínica identificada", "Clinic identified"),
    "registry:council:confirm": (
        "Correção de conselho confirmada",
        "Correction of a council confirmed",
    ),
    "registry:council:correct": (
        "Correção de conselho proposta",
        "Correction of a council proposed",
    ),
    "registry:council:withdraw": (
        "Correção de conselho retirada",
        "Correction of a council withdrawn",
    ),
    "registry:identity:check": ("Identidade conferida", "Identity checked"),
    "registry:proof:confirm": ("Comprovação manual confirmada", "Manual proof confirmed"),
    "registry:proof:record": ("Comprovação manual guardada", "Manual proof kept"),
    "registry:proof:withdraw": ("Comprovação manual retirada", "Manual proof withdrawn"),
    "registry:registration:change_status": (
        "Situação do registro mudou",
        "Standing of a registration changed",
    ),
    "registry:registration:claim": (
        "Especialidades a anunciar definidas",
        "Specialties to announce set",
    ),
    "registry:registration:create": ("Registro profissional acrescentado", "Registration added"),
    "registry:registration:lookup": ("Registro consultado", "Registration looked up"),
    "registry:registration:verify": ("Registro verificado na fonte", "Registration verified"),
    "registry:roster:announce": ("Lista de conselho anunciada", "Roster announced"),
    "registry:roster:import": ("Lista de conselho importada", "Roster imported"),
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
    "sealing:key:destroy": ("Chave destruída", "Key destroyed"),
    "sealing:key:make": ("Chave criada", "Key made"),
    "sealing:key:retire": ("Chave aposentada", "Key retired"),
    "sealing:key:rewrap": ("Chave protegida de novo", "Key wrapped anew"),
    "sealing:key:rotate": ("Chave trocada", "Key rotated"),
    "sealing:value:erase": ("Valores sensíveis apagados", "Sensitive values erased"),
    "sealing:value:open": ("Valores sensíveis lidos", "Sensitive values read"),
    "sealing:value:reseal": ("Valores lacrados de novo", "Values sealed anew"),
    "sealing:value:seal": ("Valores sensíveis guardados", "Sensitive values kept"),
    "site:preview:issue": ("Link de prévia criado", "Preview link given out"),
    "site:preview:revoke": ("Links de prévia anulados", "Preview links made void"),
    "zero_trust:decision:read": ("Decisões consultadas", "Decisions consulted"),
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
