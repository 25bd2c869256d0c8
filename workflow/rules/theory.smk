# In: the configuration, and the images of a data set where an entry names one. Out: a theory solved on a grid.
# Lands in results/<size>/theory/<entry>/solution.parquet.


rule solve_theory:
    input:
        images_of("theory"),
    output:
        table=f"{RESULTS}/theory/{{entry}}/solution.parquet",
        sidecar=f"{RESULTS}/theory/{{entry}}/solution.provenance.json",
    log:
        f"{RESULTS}/logs/solve_theory/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/solve_theory/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["theory"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=30,
    params:
        kind="theory",
        grid=lambda wildcards: CONFIG["theory"][wildcards.entry]["tabulate"],
        code=code("tabulate.py", plugin("tables", "theory", "tabulate")),
    script:
        "../scripts/tabulate.py"
