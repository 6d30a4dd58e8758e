"""What stands in the README.txt of an export, for whoever receives it."""

README = """\
EVIDENCE EXPORT OF AN AUDIT TRAIL            EXPORTAÇÃO PROBATÓRIA DE UMA TRILHA DE AUDITORIA

To check it you need Python 3.9 or newer, and no connection to anybody:

    python3 verify.py --keys KEYS-YOU-RECEIVED-BY-ANOTHER-WAY.txt

Para verificar, basta o Python 3.9 ou mais novo, sem conexão com ninguém:

    python3 verify.py --keys CHAVES-RECEBIDAS-POR-OUTRO-MEIO.txt

manifest.json   what was asked, by whom, when; each file with its SHA-256
                o que foi pedido, por quem, quando; cada arquivo com seu SHA-256
events.jsonl    one event a line, byte for byte as it was hashed (the evidence)
                um evento por linha, byte a byte como foi calculado o hash (a prova)
proof.txt       how these events and the hashes over all others give the signed root
                como estes eventos e os hashes dos demais resultam na raiz assinada
heads/          the signed heads of the log (C2SP checkpoints) / as raízes assinadas do registro
epochs/         the records that opened the log / os registros de abertura
keys.txt        the public keys / as chaves públicas
receipt/        the log's own entry about this export / a entrada do registro sobre esta exportação
personal.jsonl  opened personal values, if they were asked for / valores pessoais, se pedidos
verify.py       the verifier; read it, it is short / o verificador; pode ser lido, é curto

Other files (events.csv, fhir-*.ndjson, ocsf.jsonl) tell the same events in other forms. They are
made from events.jsonl for reading and are no evidence by themselves.
Os outros arquivos (events.csv, fhir-*.ndjson, ocsf.jsonl) trazem os mesmos eventos em outras
formas, para leitura; não são prova por si.

Open verify.py before you run it, or take it from the maker of the product: a forged export could
bring a forged verifier.
Leia verify.py antes de executá-lo, ou obtenha-o do fabricante: uma exportação forjada poderia
trazer um verificador forjado.
"""
