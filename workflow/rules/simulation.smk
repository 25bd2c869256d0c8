# In: the configuration, and the images of a data set where an entry names one. Out: a simulation on a grid.
# Lands in results/<size>/simulation/<entry>/results.parquet.


rule simulate:
    input:
        images_of("simulation"),
    output:
        table=f"{RESULTS}/simulation/{{entry}}/results.parquet",
        sidecar=f"{RESULTS}/simulation/{{entry}}/results.provenance.json",
    log:
        f"{RESULTS}/logs/simulate/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/simulate/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["simulation"]),
    priority: 3  # among these are the longest single jobs
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=60,
    params:
        kind="simulation",
        grid=lambda wildcards: CONFIG["simulation"][wildcards.entry]["tabulate"],
        code=code("tabulate.py", plugin("tables", "simulation", "tabulate")),
    script:
        "../scripts/tabulate.py"
