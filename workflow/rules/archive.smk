# In: all results of a size. Out: one file that holds them, and the way back: the tables of such a file in place of those
# that cost hours. Lands in results/<size>/archive.zip.


rule pack_archive:
    input:
        [table(place) for place in sorted(TABLES)],
        [f"{RESULTS}/laws/{name}/fits.json" for name in CONFIG["laws"]],
        [picture(name).replace(".png", kind) for name in CONFIG["figures"] for kind in (".png", ".pdf", ".csv")],
        expand(f"{RESULTS}/claims/{{study}}.csv", study=CONFIG["studies"]),
        rules.write_ledger.output.table,
        rules.write_page.output.page,
        rules.typeset_paper.output.paper,
        "config.yaml",
        "envs/requirements.lock",
        "LICENSE",
        "README.md",
    output:
        archive=f"{RESULTS}/archive.zip",
        sidecar=f"{RESULTS}/archive.provenance.json",
    log:
        f"{RESULTS}/logs/pack_archive.log",
    benchmark:
        f"{RESULTS}/benchmarks/pack_archive.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=20,
    params:
        size=SIZE,
        config={
            key: value
            for key, value in CONFIG.items()
            if key not in ("data", "curves_from", "accept_archive", "device")
        },
        sidecars="of all results",
        code=code("pack_archive.py"),
    script:
        "../scripts/pack_archive.py"


# What was measured here and costs hours, without what came from outside: small enough to lie in the repository.
rule recorded:
    input:
        measured_tables(),
        "config.yaml",
        "envs/requirements.lock",
        "LICENSE",
    output:
        archive=f"{RESULTS}/recorded.zip",
        sidecar=f"{RESULTS}/recorded.provenance.json",
    log:
        f"{RESULTS}/logs/recorded.log",
    benchmark:
        f"{RESULTS}/benchmarks/recorded.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=20,
    params:
        size=SIZE,
        config={
            key: value
            for key, value in CONFIG.items()
            if key not in ("data", "curves_from", "accept_archive", "device")
        },
        sidecars="of the tables",
        code=code("pack_archive.py"),
    script:
        "../scripts/pack_archive.py"


if CONFIG["curves_from"]:

    rule restore_tables:
        input:
            archive=ancient(CONFIG["curves_from"]),
        output:
            tables=restored_tables(),
            sidecars=[path.replace(".parquet", provenance.SIDECAR) for path in restored_tables()],
            sidecar=f"{RESULTS}/curves/restored.provenance.json",
        log:
            f"{RESULTS}/logs/restore_tables.log",
        benchmark:
            f"{RESULTS}/benchmarks/restore_tables.tsv"
        conda:
            "../../envs/environment.yml"
        threads: 1
        resources:
            mem_mb=growing(2000),
            runtime=20,
        params:
            digest=provenance.digest(CONFIG["curves_from"]),
            code=code("restore_tables.py"),
        script:
            "../scripts/restore_tables.py"

    ruleorder: restore_tables > gather_learning_curves
    ruleorder: restore_tables > solve_theory
    ruleorder: restore_tables > simulate
    ruleorder: restore_tables > collect_points
