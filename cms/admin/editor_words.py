"""The words of the text editor: its scripts ask for them by key, the page brings them as JSON.

`<script type="application/json" id="editor-words">` holds what `editor_words` gives. What stands in
braces is put in by the script.
"""

from collections.abc import Mapping
from types import MappingProxyType

# Each as (Portuguese, English).
WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "label": ("Texto do artigo", "Text of the article"),
        "placeholder": (
            "Escreva aqui, ou digite / para escolher um bloco",
            "Write here, or type / to choose a block",
        ),
        "help": (
            "Alt+F10 vai à barra de ferramentas; Ctrl+/ abre todos os comandos; Alt+seta move o"
            " bloco; Esc e depois Tab sai do texto.",
            "Alt+F10 goes to the toolbar; Ctrl+/ opens all commands; Alt+arrow moves the block;"
            " Esc, then Tab leaves the text.",
        ),
        "toolbar.label": ("Formatação do texto", "Formatting of the text"),
        "palette.open": ("Todos os comandos", "All commands"),
        "palette.search": ("Procurar um comando", "Search for a command"),
        "palette.none": (
            "Nenhum comando se chama assim. Esc volta ao texto.",
            "No command is called that. Esc goes back to the text.",
        ),
        "dialog.ok": ("Aplicar", "Apply"),
        "dialog.cancel": ("Cancelar", "Cancel"),
        "action.undo": ("Desfazer", "Undo"),
        "action.redo": ("Refazer", "Redo"),
        "action.strong": ("Negrito", "Bold"),
        "action.em": ("Itálico", "Italic"),
        "action.u": ("Sublinhado", "Underlined"),
        "action.s": ("Riscado", "Struck through"),
        "action.sup": ("Sobrescrito", "Superscript"),
        "action.sub": ("Subscrito", "Subscript"),
        "action.code": ("Código no texto", "Code in the text"),
        "action.link": ("Link", "Link"),
        "action.heading2": ("Título de seção", "Section heading"),
        "action.heading3": ("Título de subseção", "Subsection heading"),
        "action.heading4": ("Título menor", "Smaller heading"),
        "action.paragraph": ("Parágrafo", "Paragraph"),
        "action.bullets": ("Lista", "List"),
        "action.numbers": ("Lista numerada", "Numbered list"),
        "action.quote": ("Citação de um texto", "Quotation"),
        "action.cite": ("Fonte da citação", "Source of the quotation"),
        "action.callout.warning": ("Aviso", "Warning"),
        "action.callout.dosage": ("Posologia", "Dosage"),
        "action.callout.contraindication": ("Contraindicação", "Contraindication"),
        "action.table": ("Tabela", "Table"),
        "action.image": ("Imagem", "Image"),
        "action.citation": ("Referência", "Reference"),
        "action.comment": ("Comentar a seleção", "Comment on the selection"),
        "action.references": ("Lista de referências", "List of references"),
        "action.separator": ("Linha divisória", "Dividing line"),
        "action.pre": ("Texto pré-formatado", "Preformatted text"),
        "action.verse": ("Versos", "Verse"),
        "action.codeblock": ("Bloco de código", "Block of code"),
        "action.rowAfter": ("Linha abaixo", "Row below"),
        "action.columnAfter": ("Coluna à direita", "Column to the right"),
        "action.columnBefore": ("Coluna à esquerda", "Column to the left"),
        "action.headerCell": ("Célula de cabeçalho", "Header cell"),
        "action.mergeCells": ("Mesclar as células", "Merge the cells"),
        "action.splitCell": ("Dividir a célula", "Split the cell"),
        "action.deleteRow": ("Excluir a linha", "Delete the row"),
        "action.deleteColumn": ("Excluir a coluna", "Delete the column"),
        "action.deleteTable": ("Excluir a tabela", "Delete the table"),
        "action.after": ("Parágrafo depois deste bloco", "Paragraph behind this block"),
        "action.up": ("Mover para cima", "Move up"),
        "action.down": ("Mover para baixo", "Move down"),
        "action.describe": ("Descrever a imagem", "Describe the image"),
        "action.source": ("Ver o HTML do bloco", "Show the HTML of the block"),
        "action.remove": ("Remover o bloco", "Remove the block"),
        "action.suggestion.next": ("Próxima sugestão", "Next suggestion"),
        "action.suggestion.accept": ("Aceitar a sugestão", "Accept the suggestion"),
        "action.suggestion.decline": ("Recusar a sugestão", "Decline the suggestion"),
        "callout.warning": ("Aviso", "Warning"),
        "callout.dosage": ("Posologia", "Dosage"),
        "callout.contraindication": ("Contraindicação", "Contraindication"),
        "callout.title": ("Título do quadro", "Title of the box"),
        "caption": ("Legenda", "Caption"),
        "cite": ("Fonte", "Source"),
        "citation.label": ("referência {label}: {ref}", "reference {label}: {ref}"),
        "citation.ref": (
            "DOI, PMID, PMCID, ISBN ou endereço da publicação",
            "DOI, PMID, PMCID, ISBN or address of the publication",
        ),
        "citation.ref.hint": (
            "Ela precisa estar entre as referências deste texto.",
            "It has to be among the references of this text.",
        ),
        "citation.unknown": (
            "Isto não é o nome de uma publicação.",
            "This is not the name of a publication.",
        ),
        "link.address": ("Endereço", "Address"),
        "link.text": ("Texto do link", "Text of the link"),
        "link.remove": ("Remover o link", "Remove the link"),
        "link.unsafe": (
            "Este endereço não pode ser usado em um link.",
            "This address cannot be used in a link.",
        ),
        "image.url": ("Endereço da imagem", "Address of the image"),
        "image.alt": ("O que a imagem mostra", "What the image shows"),
        "image.alt.hint": (
            "Para quem não vê a imagem. Diga o que ela acrescenta ao texto.",
            "For those who do not see the image. Say what it adds to the text.",
        ),
        "image.decorative": (
            "Só decoração: leitores de tela a pulam",
            "Decoration only: screen readers skip it",
        ),
        "image.focus.x": (
            "O que importa está a quantos % da esquerda",
            "What matters stands at % from the left",
        ),
        "image.focus.y": (
            "O que importa está a quantos % do topo",
            "What matters stands at % from the top",
        ),
        "source.label": ("HTML", "HTML"),
        "source.hint": (
            "O bloco é mantido como está. O que você mudar aqui será limpo ao salvar.",
            "The block is kept as it is. What you change here is cleaned when it is saved.",
        ),
        "source.fixed": (
            "Este HTML é mantido como está e não pode ser mudado aqui.",
            "This HTML is kept as it is and cannot be changed here.",
        ),
        "source.unbalanced": (
            "O HTML não foi aceito: algum elemento não está fechado.",
            "The HTML was not taken: an element is not closed.",
        ),
        "opaque.label": ("{name}, mantido como está", "{name}, kept as it is"),
        "frame.label": ("{name}", "{name}"),
        "frame.buttons": ("Botões", "Buttons"),
        "frame.column": ("Coluna", "Column"),
        "frame.columns": ("Colunas", "Columns"),
        "frame.cover": ("Capa", "Cover"),
        "frame.gallery": ("Galeria", "Gallery"),
        "frame.group": ("Grupo", "Group"),
        "frame.media-text": ("Mídia e texto", "Media and text"),
        "frame.navigation": ("Navegação", "Navigation"),
        "frame.query": ("Lista de artigos", "List of articles"),
        "frame.social-links": ("Redes sociais", "Social links"),
        "frame.template-part": ("Parte do tema", "Part of the theme"),
        "status.opaque": (
            "bloco {name}, mantido como está; Enter mostra o HTML",
            "block {name}, kept as it is; Enter shows the HTML",
        ),
        "status.frame": ("bloco {name}; Enter mostra o HTML", "block {name}; Enter shows the HTML"),
        "status.image": ("imagem; Enter para descrever", "image; Enter to describe it"),
        "status.again": (
            "Mais uma vez a mesma tecla remove o bloco.",
            "The same key once more removes the block.",
        ),
        "status.images": (
            "{count} imagem(ns) sem endereço não foram coladas: envie pela biblioteca.",
            "{count} image(s) without an address were not pasted: upload them to the library.",
        ),
        "status.files": (
            "Arquivos entram pela biblioteca: use o botão de imagem.",
            "Files come in through the library: use the image button.",
        ),
        "status.rest": (
            "O trecho com marcação quebrada precisa ficar no fim do texto.",
            "The part with broken markup has to stay at the end of the text.",
        ),
        "status.comment": (
            "Selecione um trecho dentro de um só parágrafo para comentar.",
            "Select a part within one paragraph to comment on it.",
        ),
        "status.cleaned": (
            "Salvo. O servidor limpou parte do HTML.",
            "Saved. The server cleaned a part of the HTML.",
        ),
        "suggestion.accept": ("Aceitar a sugestão de {by}", "Accept the suggestion of {by}"),
        "suggestion.decline": ("Recusar a sugestão de {by}", "Decline the suggestion of {by}"),
        "suggestion.reason": ("Por que não", "Why not"),
        "suggestion.nothing": ("(nada)", "(nothing)"),
        "suggestion.heard": (
            "{by} sugere, em vez de “{old}”: “{words}”. Ctrl+Alt+Y aceita, Ctrl+Alt+U recusa.",
            "{by} suggests, instead of “{old}”: “{words}”. Ctrl+Alt+Y accepts, Ctrl+Alt+U"
            " declines.",
        ),
        "draft.label": ("Rascunho não salvo", "Unsaved draft"),
        "draft.found": (
            "Há um rascunho de {when} que não foi salvo.",
            "There is a draft of {when} that was not saved.",
        ),
        "draft.other": (
            "Há um rascunho de {when} que não foi salvo; o texto mudou desde então.",
            "There is a draft of {when} that was not saved; the text has changed since.",
        ),
        "draft.restore": ("Continuar o rascunho", "Continue the draft"),
        "draft.discard": ("Descartar", "Discard"),
        "draft.failed": (
            "O rascunho não pôde ser guardado neste navegador.",
            "The draft could not be kept in this browser.",
        ),
        "draft.second": (
            "Este texto está aberto em outra aba.",
            "This text is open in another tab.",
        ),
    }
)


def editor_words(language: str) -> dict[str, str]:
    """The words for a page in `pt` or `en`; any other language reads English."""
    is_portuguese = language.partition("-")[0] == "pt"
    return {key: texts[0 if is_portuguese else 1] for key, texts in WORDS.items()}
