# In: tidy tables of anything. Out: a table that answers a question about them.
# Lands in results/<size>/analysis/<entry>/answer.parquet.


rule analyse:
    input:
        tables("analysis"),
    output:
        table=f"{RESULTS}/analysis/{{entry}}/answer.parquet",
        sidecar=f"{RESULTS}/analysis/{{entry}}/answer.provenance.json",
    log:
        f"{RESULTS}/logs/analyse/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/analyse/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["analysis"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=60,
    params:
        tables=lambda wildcards: list(CONFIG["analysis"][wildcards.entry]["tables"]),
        answer=lambda wildcards: CONFIG["analysis"][wildcards.entry]["tabulate"],
        code=code("analyse.py", plugin("tables", "analysis", "tabulate")),
    script:
        "../scripts/analyse.py"
