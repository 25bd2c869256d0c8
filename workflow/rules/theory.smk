# In: nothing but the configuration. Out: a theory solved on a grid.
# Lands in results/<size>/theory/<entry>/solution.parquet.


rule solve_theory:
    output:
        table=f"{RESULTS}/theory/{{entry}}/solution.parquet",
        sidecar=f"{RESULTS}/theory/{{entry}}/solution.provenance.json",
    log:
        f"{RESULTS}/logs/solve_theory/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/solve_theory/{{entry}}.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        settings=entry("theory"),
        code=code("solve_theory.py", plugin("theory", "theory", "solve")),
    script:
        "../scripts/solve_theory.py"
