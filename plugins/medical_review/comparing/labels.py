"""The words of a comparison, in Portuguese and in English."""

from collections.abc import Mapping

_WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("Comparação de revisões", "Comparison of revisions"),
    "from": ("De", "From"),
    "to": ("Para", "To"),
    "revision": ("revisão", "revision"),
    "by": ("por", "by"),
    "same": ("As duas revisões dizem o mesmo.", "The two revisions say the same."),
    "changes": ("Alterações", "Changes"),
    "text": ("Texto", "Text"),
    "what": ("O que houve", "What happened"),
    "where": ("Onde", "Where"),
    "before": ("Antes", "Before"),
    "after": ("Depois", "After"),
    "nothing": ("nada", "nothing"),
    "unchanged": ("Blocos sem alteração: {count}", "Unchanged blocks: {count}"),
    "insert": ("Inserido", "Inserted"),
    "delete": ("Excluído", "Deleted"),
    "change": ("Alterado", "Changed"),
    "replace": ("Alterado", "Changed"),
    "move": ("Movido", "Moved"),
    "moved_from": (
        "movido do lugar {before} para o {after}",
        "moved from place {before} to {after}",
    ),
    "inserted": ("início do trecho inserido", "start of insertion"),
    "inserted_end": ("fim do trecho inserido", "end of insertion"),
    "deleted": ("início do trecho excluído", "start of deletion"),
    "deleted_end": ("fim do trecho excluído", "end of deletion"),
    "setting": ("Configuração", "Setting"),
    "reference": ("Referência", "Reference"),
    "media": ("Imagem", "Picture"),
    "featured": ("Imagem destacada", "Featured picture"),
    "alt": ("texto alternativo", "alternative text"),
    "no_alt": ("sem texto alternativo", "no alternative text"),
    "deleted_term": ("termo excluído", "deleted term"),
    "field:title": ("Título", "Title"),
    "field:content": ("Texto", "Text"),
    "field:excerpt": ("Resumo", "Excerpt"),
    "field:slug": ("Endereço", "Address"),
    "field:author_id": ("Autor", "Author"),
    "field:template": ("Modelo", "Template"),
    "field:language": ("Idioma", "Language"),
    "field:medical.evidence_level": ("Nível de evidência", "Level of evidence"),
    "field:medical.target_audience": ("Público", "Audience"),
    "field:medical.medical_disclaimer": ("Aviso médico", "Medical disclaimer"),
    "field:medical.responsible_professional": (
        "Profissional responsável",
        "Responsible professional",
    ),
    "field:medical.medical_keywords": ("Palavras-chave", "Keywords"),
    "block:core/paragraph": ("Parágrafo", "Paragraph"),
    "block:core/heading": ("Título de seção", "Heading"),
    "block:core/list": ("Lista", "List"),
    "block:core/list-item": ("Item de lista", "List item"),
    "block:core/image": ("Imagem", "Picture"),
    "block:core/gallery": ("Galeria", "Gallery"),
    "block:core/table": ("Tabela", "Table"),
    "block:core/quote": ("Citação", "Quotation"),
    "block:core/group": ("Grupo", "Group"),
    "block:core/columns": ("Colunas", "Columns"),
    "block:core/column": ("Coluna", "Column"),
    "block:core/freeform": ("Trecho", "Passage"),
    "block:core/html": ("HTML", "HTML"),
}


def tongue(language: str) -> str:
    """Portuguese for pt, English for every other language."""
    return "pt" if language.lower().startswith("pt") else "en"


def word(key: str, language: str, **facts: object) -> str:
    """A label; a field or a block without one is called by its name."""
    said = _WORDS.get(key)
    if said is None:
        return key.partition(":")[2] or key
    return said[tongue(language) == "en"].format(**facts)
