# In: the measurements of trained networks, solved theories, published series, a user's own CSV.
# Out: tidy tables. results/<size>/curves/<experiment>/learning_curves.parquet holds all that was measured on an
# experiment's networks; results/<size>/curves/<entry>/points.parquet holds curve, x, y: what laws are fitted to.


rule gather_learning_curves:
    input:
        lambda wildcards: [
            f"{RESULTS}/training/{wildcards.entry}/{job}.parquet" for job in training_jobs(wildcards.entry)
        ],
    output:
        table=f"{RESULTS}/curves/{{entry}}/learning_curves.parquet",
        sidecar=f"{RESULTS}/curves/{{entry}}/learning_curves.provenance.json",
    log:
        f"{RESULTS}/logs/gather_learning_curves/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/gather_learning_curves/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["training"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=20,
    params:
        code=code("gather_learning_curves.py"),
    script:
        "../scripts/gather_learning_curves.py"


rule collect_points:
    input:
        lambda wildcards: (
            [table(CONFIG["curves"][wildcards.entry]["source"]["table"])]
            if "table" in CONFIG["curves"][wildcards.entry]["source"]
            else user_files("curves")(wildcards)
        ),
    output:
        table=f"{RESULTS}/curves/{{entry}}/points.parquet",
        sidecar=f"{RESULTS}/curves/{{entry}}/points.provenance.json",
    log:
        f"{RESULTS}/logs/collect_points/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/collect_points/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["curves"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=10,
    params:
        settings=entry("curves"),
        files=lambda wildcards: (
            {} if "table" in CONFIG["curves"][wildcards.entry]["source"] else user_digests("curves")(wildcards)
        ),
        code=code("collect_points.py", plugin("curves", "curves", "source")),
    script:
        "../scripts/collect_points.py"
