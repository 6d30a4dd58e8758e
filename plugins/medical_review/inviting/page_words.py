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
        "error.review-self": "You have a part in this text, so you cannot decide on it.",
        "error.approver-may-not-sign": "Your registration does not let you sign today. Tell "
        "whoever invited you.",
        "error.review-stale": "The text was changed since it was sent to you, and this one cannot "
        "be decided on any more. Ask whoever invited you for a new link.",
        "error.review-closed": "This review has ended, and nothing more can be decided in it.",
        "error.counted-already": "You have decided in this review already.",
        "error.other-stage": "The review does not wait for you now. Ask whoever invited you.",
        "error.in-other-hands": "Others have this review in hand. Ask whoever invited you.",
        "error.stronger-signature-needed": "This step needs a stronger signature than one by a "
        "code. Tell whoever invited you.",
        "error.capability-missing": "This link does not let you decide here. Tell whoever invited "
        "you.",
        "error.step-up": "This link does not let you decide here. Tell whoever invited you.",
        "error.unavailable": "The site does not answer just now; nothing was saved. Try again in "
        "a minute.",
        "error.conflict": "Somebody else did the same at the same moment; nothing was saved. Open "
        "the text again.",
        "error.internal": "Something broke on our side; nothing was saved. Try again, and tell "
        "whoever invited you if it stays.",
        "error.other": "This did not work, and nothing was saved. Open the text again, and tell "
        "whoever invited you if it stays.",
        "error.refused": "This link or code is not valid, or not any more. Ask for a new code, or "
        "whoever invited you for a new link.",
        "error.too-many-requests": "A code was sent just now, or too many were. Wait "
        "half a minute.",
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
        "paste": "O link da sua carta, ou o código no fim dele, que começa com cmsrv_",
        "paste.hint": "Quem abre o link da carta neste navegador não precisa digitá-lo.",
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
        "decide.title": "2. Decida e assine",
        "code": "Código da segunda carta",
        "registration": "Seu registro profissional",
        "registration.hint": "Como o seu conselho o escreve, por exemplo CRM-SP 9900901.",
        "verdict": "Sua decisão",
        "approve": "Aprovar exatamente este texto",
        "send_back": "Devolver",
        "comment": "Comentário",
        "comment.hint": "Necessário para devolver: diga o que precisa mudar.",
        "signed": "Li o texto com o SHA-256 acima e assino esta decisão com meu nome e meu "
        "registro.",
        "sign": "Assinar e enviar",
        "fault.signed": "Falta a sua assinatura: marque a frase acima do botão.",
        "back": "Voltar ao texto",
        "failed": "Sua decisão não foi registrada",
        "approved": "Obrigado. Você aprovou o texto.",
        "sent_back": "Obrigado. Você devolveu o texto.",
        "done": "Assinado por {name} em {at}. Este link não vale mais.",
        "error.review-self": "Você participa deste texto, por isso não pode decidir sobre ele.",
        "error.approver-may-not-sign": "Seu registro não permite que você assine hoje. Avise quem "
        "convidou você.",
        "error.review-stale": "O texto mudou depois que foi enviado a você, e sobre este não se "
        "pode mais decidir. Peça um link novo a quem convidou você.",
        "error.review-closed": "Esta revisão terminou, e nada mais pode ser decidido nela.",
        "error.counted-already": "Você já decidiu nesta revisão.",
        "error.other-stage": "A revisão não espera por você agora. Pergunte a quem convidou você.",
        "error.in-other-hands": "Outras pessoas têm esta revisão em mãos. Pergunte a quem convidou "
        "você.",
        "error.stronger-signature-needed": "Este passo exige uma assinatura mais forte do que a "
        "de um código. Avise quem convidou você.",
        "error.capability-missing": "Este link não permite que você decida aqui. Avise quem "
        "convidou você.",
        "error.step-up": "Este link não permite que você decida aqui. Avise quem convidou você.",
        "error.unavailable": "O site não responde agora; nada foi salvo. Tente de novo em um "
        "minuto.",
        "error.conflict": "Outra pessoa fez o mesmo no mesmo instante; nada foi salvo. Abra o "
        "texto de novo.",
        "error.internal": "Algo falhou do nosso lado; nada foi salvo. Tente de novo e, se "
        "continuar, avise quem convidou você.",
        "error.other": "Não deu certo, e nada foi salvo. Abra o texto de novo e, se continuar, "
        "avise quem convidou você.",
        "error.refused": "Este link ou código não é válido, ou não vale mais. Peça um código novo, "
        "ou um link novo a quem convidou você.",
        "error.too-many-requests": "Um código acaba de ser enviado, ou foram demais. "
        "Espere meio minuto.",
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
