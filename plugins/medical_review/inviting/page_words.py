"""What stands on the page of a reviewer from outside, in the languages of the letters."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "A text for you to review",
        "why": "{site} asks you to judge this one text as a professional.",
        "paste": "The link from your letter, or the code at its end that begins with cmsrv_",
        "paste.hint": "Whoever opens the link from the letter in this browser need not type it.",
        "open": "Open the text",
        "valid": "This page is for you alone, for this text as it is now, until {until}.",
        "hash": "SHA-256 of the text",
        "text": "The text",
        "facts": "What belongs to the text",
        "audience": "Written for",
        "professionals": "Health professionals",
        "patients": "Patients",
        "general": "Everybody",
        "evidence_level": "Level of evidence",
        "medical_keywords": "Keywords",
        "funding": "Funding",
        "conflict_of_interest": "Conflicts of interest",
        "sponsor": "Sponsor",
        "excerpt": "Excerpt",
        "disclaimer": "Disclaimer",
        "references": "References",
        "code.title": "1. Ask for a code",
        "code.why": "We send eight digits to the address that you were invited under. They are "
        "valid for ten minutes.",
        "code.ask": "Send me a code",
        "code.again": "Send another code",
        "code.sent": "A code is on its way to your address.",
        "decide.title": "2. Decide and sign",
        "code": "Code from the second letter",
        "registration": "Your professional registration",
        "registration.hint": "As your council writes it, for example CRM-SP 9900901.",
        "verdict": "Your decision",
        "approve": "Approve exactly this text",
        "send_back": "Send it back",
        "comment": "Comment",
        "comment.hint": "Needed to send it back: say what has to change.",
        "signed": "I have read the text with the SHA-256 above, and sign this decision with my "
        "name and my registration.",
        "sign": "Sign and send",
        "fault.signed": "Your signature is missing: mark the sentence above the button.",
        "back": "Back to the text",
        "failed": "Your decision was not taken",
        "approved": "Thank you. You have approved the text.",
        "sent_back": "Thank you. You have sent the text back.",
        "done": "Signed by {name} on {at}. This link is used up.",
        "refused": "This link or code is not valid, or not any more. Ask for a new code, or "
        "whoever invited you for a new link.",
        "fault.wait": "A code was sent just now, or too many were. Wait half a minute.",
        "fault.comment": "Say in the comment what has to change, in plain text of at most 5,000 "
        "characters.",
        "fault.verdict": "Choose whether you approve the text or send it back.",
        "fault.registration": "The registration cannot be read. Write it as your council does, for "
        "example CRM-SP 9900901.",
        "fault.content_hash": "It does not say of which text you decide. Open the text again.",
    },
    "pt": {
        "title": "Um texto para você revisar",
        "why": "{site} pede que você julgue este único texto como profissional.",
        "paste": "O link da mensagem que você recebeu, ou o código no fim dele, que começa com "
        "cmsrv_",
        "paste.hint": "Quem abre o link da mensagem neste navegador não precisa digitá-lo.",
        "open": "Abrir o texto",
        "valid": "Esta página é só para você, para este texto como está agora, até {until}.",
        "hash": "SHA-256 do texto",
        "text": "O texto",
        "facts": "O que pertence ao texto",
        "audience": "Escrito para",
        "professionals": "Profissionais de saúde",
        "patients": "Pacientes",
        "general": "Público geral",
        "evidence_level": "Nível de evidência",
        "medical_keywords": "Palavras-chave",
        "funding": "Financiamento",
        "conflict_of_interest": "Conflitos de interesse",
        "sponsor": "Patrocinador",
        "excerpt": "Resumo",
        "disclaimer": "Aviso",
        "references": "Referências",
        "code.title": "1. Peça um código",
        "code.why": "Enviamos oito dígitos ao endereço em que você foi convidado. Eles valem por "
        "dez minutos.",
        "code.ask": "Enviar um código",
        "code.again": "Enviar outro código",
        "code.sent": "Um código está a caminho do seu endereço.",
        "decide.title": "2. Dê o parecer e assine",
        "code": "Código da segunda mensagem",
        "registration": "Seu registro profissional",
        "registration.hint": "Como o seu conselho o escreve, por exemplo CRM-SP 9900901.",
        "verdict": "Seu parecer",
        "approve": "Aprovar exatamente este texto",
        "send_back": "Devolver",
        "comment": "Comentário",
        "comment.hint": "Necessário para devolver: diga o que precisa mudar.",
        "signed": "Li o texto com o SHA-256 acima e assino este parecer com meu nome e meu "
        "registro.",
        "sign": "Assinar e enviar",
        "fault.signed": "Falta a sua assinatura: marque a frase acima do botão.",
        "back": "Voltar ao texto",
        "failed": "Seu parecer não foi registrado",
        "approved": "Obrigado. Você aprovou o texto.",
        "sent_back": "Obrigado. Você devolveu o texto.",
        "done": "Assinado por {name} em {at}. Este link não vale mais.",
        "refused": "Este link ou código não é válido, ou não vale mais. Peça um código novo, ou "
        "um link novo a quem convidou você.",
        "fault.wait": "Um código acaba de ser enviado, ou foram demais. Espere meio minuto.",
        "fault.comment": "Diga no comentário o que precisa mudar, em texto simples de no máximo "
        "5.000 caracteres.",
        "fault.verdict": "Escolha se aprova o texto ou o devolve.",
        "fault.registration": "O registro não pôde ser lido. Escreva-o como o seu conselho, por "
        "exemplo CRM-SP 9900901.",
        "fault.content_hash": "Falta dizer sobre qual texto você decide. Abra o texto de novo.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """Portuguese for sites in it, English for all others."""
    return WORDS["pt" if language.lower().startswith("pt") else "en"]
