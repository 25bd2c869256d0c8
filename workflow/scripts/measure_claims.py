"""Measure the claims of one study and give each a verdict."""

from scaling import provenance, records, registry
from scaling.ledger import verdicts

with provenance.recorded(snakemake):
    tables = {
        place: records.read_table(path) for place, path in zip(snakemake.params.tables, snakemake.input, strict=True)
    }

    def measured(claim):
        module, _, function = claim["measure"].partition(".")
        if not tables.keys() >= set(claim["tables"].values()):
            return None
        return getattr(registry.load("measures", module), function)(
            {key: tables[place] for key, place in claim["tables"].items()}
        )

    rows = [
        verdicts.row(name, claim, measured(claim), snakemake.params.size)
        for name, claim in snakemake.params.claims.items()
    ]
    records.write_table(verdicts.table(rows), snakemake.output.table)
