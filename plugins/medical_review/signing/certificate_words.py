"""What stands on a certificate, in the languages of its readers."""

from collections.abc import Mapping

PORTUGUESE, ENGLISH = LANGUAGES = ("pt", "en")

WORDS: Mapping[str, Mapping[str, str]] = {
    PORTUGUESE: {
        "title": "Certificado de aprovação",
        "says": "Este site certifica que o texto abaixo foi aprovado pelas pessoas que o "
        "assinaram, exatamente como identificado pelo seu código SHA-256. Qualquer alteração do "
        "texto resulta em outro código, para o qual este certificado não vale.",
        "attached": "O certificado em JSON, selado com a chave do site",
        "what": "Item",
        "value": "Conteúdo",
        "text": "O texto",
        "heading": "Assinatura",
        "site": "Site",
        "name": "Título",
        "address": "Endereço",
        "language": "Idioma",
        "version": "Versão",
        "published": "Publicado em",
        "content_hash": "SHA-256 do texto",
        "byline": "Identificação ao lado do texto",
        "issued": "Certificado emitido em",
        "signer": "Nome",
        "registration": "Registro profissional, verificado naquele momento",
        "none": "sem registro informado",
        "meaning": "Significado",
        "signed_at": "Data e hora",
        "authentication": "Autenticação",
        "level": "Nível (Lei 14.063/2020, art. 4º)",
        "hash": "SHA-256 da assinatura",
        "checking": "Como conferir",
        "how": "O arquivo certificate.json, anexado a este PDF, é conferido sem acesso ao site "
        "com o comando «cms review verify» e as chaves públicas do site. Se o texto ainda está no "
        "ar, diz o endereço abaixo, que também está no código QR.",
        "qr": "Código QR do endereço de conferência:",
        "review": "revisão",
        "approval": "aprovação",
        "responsibility": "responsabilidade",
        "authorship": "autoria",
        "simple": "assinatura eletrônica simples",
        "advanced": "assinatura eletrônica avançada, com chave própria do signatário",
        "qualified": "assinatura eletrônica qualificada, com certificado ICP-Brasil",
        "unsigned": "decisão registrada antes de haver assinaturas seladas",
        "pwd": "senha",
        "otp": "código de uso único",
    },
    ENGLISH: {
        "title": "Certificate of approval",
        "says": "This site certifies that the text below was approved by the people who signed "
        "it, exactly as its SHA-256 identifies it. Any change of the text makes another hash, for "
        "which this certificate does not hold.",
        "attached": "The certificate as JSON, sealed with the key of the site",
        "what": "Item",
        "value": "Content",
        "text": "The text",
        "heading": "Signature",
        "site": "Site",
        "name": "Title",
        "address": "Address",
        "language": "Language",
        "version": "Version",
        "published": "Published on",
        "content_hash": "SHA-256 of the text",
        "byline": "Line beside the text",
        "issued": "Certificate issued on",
        "signer": "Name",
        "registration": "Professional registration, verified at that moment",
        "none": "no registration stated",
        "meaning": "Meaning",
        "signed_at": "Date and time",
        "authentication": "Authentication",
        "level": "Level (Brazilian Law 14,063/2020, art. 4)",
        "hash": "SHA-256 of the signature",
        "checking": "How to check",
        "how": "The file certificate.json, attached to this PDF, is checked without access to the "
        "site by the command «cms review verify» and the public keys of the site. Whether the text "
        "is still there is told at the address below, which is also in the QR code.",
        "qr": "QR code of the address for checking:",
        "review": "review",
        "approval": "approval",
        "responsibility": "responsibility",
        "authorship": "authorship",
        "simple": "simple electronic signature",
        "advanced": "advanced electronic signature, with a key of the signer's own",
        "qualified": "qualified electronic signature, with a certificate of ICP-Brasil",
        "unsigned": "decision recorded before there were sealed signatures",
        "pwd": "password",
        "otp": "one-time code",
    },
}
