# In: tidy tables and the published values in the configuration. Out: the ledger of claims, each with our value, its
# interval and a verdict. Lands in results/<size>/claims.csv.


rule measure_claims:
    input:
        lambda wildcards: [table(place) for place in claim_tables(wildcards.study)],
    output:
        table=f"{RESULTS}/claims/{{study}}.csv",
        sidecar=f"{RESULTS}/claims/{{study}}.provenance.json",
    log:
        f"{RESULTS}/logs/measure_claims/{{study}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/measure_claims/{{study}}.tsv"
    wildcard_constraints:
        study=any_of(CONFIG["studies"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=20,
    params:
        claims=lambda wildcards: claims_of(wildcards.study),
        tables=lambda wildcards: claim_tables(wildcards.study),
        without=lambda wildcards: {name: WITHOUT[name] for name in claims_of(wildcards.study) if name in WITHOUT},
        size=SIZE,
        code=code(
            "measure_claims.py",
            lambda wildcards: measures.modules(claims_of(wildcards.study).values()),
        ),
    script:
        "../scripts/measure_claims.py"


rule write_ledger:
    input:
        expand(f"{RESULTS}/claims/{{study}}.csv", study=CONFIG["studies"]),
    output:
        table=f"{RESULTS}/claims.csv",
        sidecar=f"{RESULTS}/claims/ledger.provenance.json",
    log:
        f"{RESULTS}/logs/write_ledger.log",
    benchmark:
        f"{RESULTS}/benchmarks/write_ledger.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=10,
    params:
        size=SIZE,
        code=code("write_ledger.py"),
    script:
        "../scripts/write_ledger.py"
