# In: the images of a data set. Out: the measurements of some groups of networks of an experiment.
# Lands in results/<size>/training/<experiment>/<job>.parquet; rules/curves.smk puts the jobs together.


rule train_networks:
    input:
        images=lambda wildcards: f"{RESULTS}/datasets/{CONFIG['training'][wildcards.entry]['dataset']}/images.npz",
    output:
        table=f"{RESULTS}/training/{{entry}}/{{job}}.parquet",
        sidecar=f"{RESULTS}/training/{{entry}}/{{job}}.provenance.json",
    log:
        f"{RESULTS}/logs/train_networks/{{entry}}/{{job}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_networks/{{entry}}/{{job}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["training"]),
        job="[0-9]+",
    priority: 2  # the longest chains begin here
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=growing(120),
        gpu=int(CONFIG["device"] == "cuda"),
    params:
        protocol=lambda wildcards: protocol(CONFIG, wildcards.entry),
        groups=lambda wildcards: training_jobs(wildcards.entry)[wildcards.job],
        device=CONFIG["device"],
        code=code(
            "train_networks.py",
            plugin("models", "training", "model"),
            lambda wildcards: [
                registry.module_name("norms", name) for name in CONFIG["training"][wildcards.entry]["norms"]
            ],
        ),
    script:
        "../scripts/train_networks.py"
