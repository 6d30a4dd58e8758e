"""The demo clinic's articles. The people are invented; the references are real publications."""

from dataclasses import dataclass, field
from typing import Any

DISCLAIMER = (
    "<p>Este texto tem finalidade educativa e não substitui a consulta. Diante de sintomas, "
    "procure um serviço de saúde; em emergência, ligue 192 (SAMU).</p>"
)


@dataclass(frozen=True)
class DemoArticle:
    """What the author writes; `medical` are fields of the medical part, `literature` is what she
    adds to the library before, in CSL-JSON."""

    title: str
    content: str
    excerpt: str = ""
    medical: dict[str, Any] = field(default_factory=dict)
    literature: tuple[dict[str, Any], ...] = ()


def _paragraph(text: str) -> str:
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"


def _heading(text: str) -> str:
    return f'<!-- wp:heading -->\n<h2 class="wp-block-heading">{text}</h2>\n<!-- /wp:heading -->'


def _list(*items: str) -> str:
    lines = "".join(
        f"<!-- wp:list-item -->\n<li>{item}</li>\n<!-- /wp:list-item -->" for item in items
    )
    return f'<!-- wp:list -->\n<ul class="wp-block-list">{lines}</ul>\n<!-- /wp:list -->'


def _text(*blocks: str) -> str:
    return "\n\n".join(blocks)


MIGRAINE = DemoArticle(
    title="Enxaqueca: como reconhecer e quando procurar ajuda",
    content=_text(
        _paragraph(
            "A enxaqueca é uma doença do sistema nervoso que provoca crises de dor de cabeça. Não "
            "é exagero nem fraqueza, e pode atrapalhar muito o trabalho, o estudo e o descanso."
        ),
        _heading("Como costuma ser a crise"),
        _paragraph(
            "A dor costuma durar de quatro horas a três dias quando não é tratada. Muitas vezes "
            "lateja, fica de um lado só e piora com o esforço físico. Náusea e incômodo com luz e "
            "barulho são comuns. Antes da dor, algumas pessoas percebem pontos brilhantes na visão "
            'ou formigamento: é a aura.<sup class="cms-citation" '
            'data-cms-ref="doi:10.1177/0333102417738202">1</sup>'
        ),
        _heading("O que ajuda a equipe de saúde"),
        _paragraph(
            "Anote o dia, a duração e a intensidade de cada crise, o que você estava fazendo e os "
            "remédios que tomou. Leve essas anotações à consulta. Não tome analgésicos por conta "
            "própria muitos dias no mês: o uso repetido também pode causar dor."
        ),
        _heading("Procure atendimento sem demora se"),
        _list(
            "a dor surgir de repente e for a pior da sua vida;",
            "houver febre, rigidez no pescoço, confusão ou desmaio;",
            "aparecer fraqueza, boca torta ou dificuldade para falar;",
            "a dor começar depois de uma pancada na cabeça;",
            "a dor mudar de padrão, ou surgir na gravidez ou depois dos 50 anos.",
        ),
    ),
    excerpt="Como é uma crise de enxaqueca, o que anotar e quais sinais pedem atendimento rápido.",
    medical={
        "evidence_level": "IV",
        "scientific_references": [
            {
                "doi": "10.1177/0333102417738202",
                "title": "The International Classification of Headache Disorders, 3rd edition. "
                "Cephalalgia. 2018;38(1):1-211.",
            }
        ],
        "target_audience": "patients",
        "medical_disclaimer": DISCLAIMER,
        "medical_keywords": ["enxaqueca", "cefaleia", "dor de cabeça"],
        "seo_title": "Enxaqueca: sinais e quando procurar ajuda",
        "seo_description": "Como é uma crise de enxaqueca e quais sinais pedem atendimento.",
    },
    literature=(
        {
            "type": "article-journal",
            "title": "The International Classification of Headache Disorders, 3rd edition",
            "author": [
                {
                    "literal": "Headache Classification Committee of the International "
                    "Headache Society"
                }
            ],
            "container-title": "Cephalalgia",
            "issued": {"date-parts": [[2018]]},
            "volume": "38",
            "issue": "1",
            "page": "1-211",
            "DOI": "10.1177/0333102417738202",
        },
    ),
)

STROKE = DemoArticle(
    title="AVC: reconheça os sinais e ligue 192",
    content=_text(
        _paragraph(
            "O acidente vascular cerebral (AVC) acontece quando falta sangue em uma parte do "
            "cérebro, por entupimento ou por rompimento de um vaso. É uma emergência: o tratamento "
            "depende do tempo que passou desde o primeiro sintoma."
        ),
        _heading("Os sinais aparecem de repente"),
        _list(
            "um lado do rosto fica torto quando a pessoa tenta sorrir;",
            "um braço ou uma perna perde a força ou fica dormente;",
            "a fala sai enrolada, ou a pessoa não entende o que se diz;",
            "a visão falha, falta equilíbrio, ou surge uma dor de cabeça muito forte.",
        ),
        _heading("O que fazer"),
        _paragraph(
            "Ligue 192 (SAMU) assim que notar um destes sinais, mesmo que ele melhore sozinho. "
            "Guarde a hora em que a pessoa foi vista bem pela última vez: a equipe vai perguntar. "
            "Se ela estiver sonolenta ou vomitando, deite-a de lado. Fique por perto."
        ),
        _paragraph("Não ofereça comida, bebida nem remédio. Não espere para ver se passa."),
        _heading("Por que o tempo conta"),
        _paragraph(
            "Em alguns casos de entupimento, um remédio que dissolve o coágulo pode ser usado nas "
            "primeiras horas. Ele não serve para todas as pessoas e traz risco de sangramento; por "
            "isso, só a equipe do hospital pode decidir, depois de um exame de imagem."
        ),
    ),
    excerpt="Os sinais do AVC, o que fazer até o socorro chegar e por que cada minuto conta.",
    medical={
        "evidence_level": "I",
        "scientific_references": [
            {
                "doi": "10.1056/NEJM199512143332401",
                "title": "Tissue plasminogen activator for acute ischemic stroke. "
                "N Engl J Med. 1995;333(24):1581-1587.",
            },
            {"title": "Ministério da Saúde. Linha de cuidado do AVC no adulto."},
        ],
        "target_audience": "general",
        "medical_disclaimer": DISCLAIMER,
        "medical_keywords": ["AVC", "derrame", "SAMU 192"],
        "seo_title": "Sinais de AVC: o que fazer",
        "seo_description": "Rosto torto, fraqueza, fala enrolada: saiba reconhecer um AVC e agir.",
    },
)

SEIZURE = DemoArticle(
    title="Crise convulsiva: primeiros cuidados",
    content=_text(
        _paragraph(
            "Presenciar uma crise convulsiva assusta. Na maioria das vezes ela termina sozinha em "
            "poucos minutos, e a ajuda mais importante é evitar que a pessoa se machuque."
        ),
        _heading("Durante a crise"),
        _list(
            "afaste objetos duros e apoie a cabeça sobre algo macio;",
            "afrouxe a roupa em volta do pescoço;",
            "vire a pessoa de lado assim que for possível, para a saliva escorrer;",
            "marque no relógio quanto tempo a crise dura.",
        ),
        _heading("O que não fazer"),
        _paragraph(
            "Não coloque nada na boca da pessoa: a língua não se enrola, e os dentes podem quebrar."
            " Não segure braços e pernas à força. Não dê água nem remédio até que ela esteja bem "
            "acordada."
        ),
        _heading("Ligue 192 se"),
        _list(
            "a crise passar de cinco minutos, ou outra começar logo em seguida;",
            "for a primeira crise da vida, ou a pessoa estiver grávida;",
            "a crise ocorrer na água, ou houver ferimento;",
            "a pessoa não voltar a respirar bem ou a ficar consciente.",
        ),
        _paragraph(
            "Depois da crise, é comum haver sono e confusão por algum tempo. Fique por perto, fale "
            "com calma e conte à equipe de saúde o que você viu."
        ),
    ),
    medical={"target_audience": "general", "medical_keywords": ["convulsão", "epilepsia"]},
)
