# In: the points of curves. Out: a law fitted to them: its parameters and its predictions, both with intervals, and
# the whole record of the fit. Lands in results/<size>/laws/<entry>/.


rule fit_law:
    input:
        points=lambda wildcards: table(f"curves/{CONFIG['laws'][wildcards.entry]['curves']}/points"),
    output:
        parameters=f"{RESULTS}/laws/{{entry}}/parameters.parquet",
        predictions=f"{RESULTS}/laws/{{entry}}/predictions.parquet",
        record=f"{RESULTS}/laws/{{entry}}/fits.json",
        sidecar=f"{RESULTS}/laws/{{entry}}/fits.provenance.json",
    log:
        f"{RESULTS}/logs/fit_law/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_law/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["laws"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=30,
    params:
        settings=entry("laws"),
        code=code("fit_law.py", plugin("laws", "laws", "law")),
    script:
        "../scripts/fit_law.py"
