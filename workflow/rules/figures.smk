# In: tidy tables of theory, curves and laws. Out: a figure as PDF and PNG, and the numbers behind it as CSV.
# Lands in results/<size>/figures/<figure>/.


rule draw_figure:
    input:
        tables("figures"),
    output:
        png=report(
            f"{RESULTS}/figures/{{entry}}/{{entry}}.png",
            category=lambda wildcards: f"Paper {paper_of(wildcards.entry)}",
            labels=lambda wildcards: {"figure": wildcards.entry.replace("_", " ")},
            caption="../captions/figure.rst",
        ),
        pdf=f"{RESULTS}/figures/{{entry}}/{{entry}}.pdf",
        numbers=f"{RESULTS}/figures/{{entry}}/{{entry}}.csv",
        sidecar=f"{RESULTS}/figures/{{entry}}/{{entry}}.provenance.json",
    log:
        f"{RESULTS}/logs/draw_figure/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/draw_figure/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["figures"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(2000),
        runtime=10,
    params:
        tables=lambda wildcards: list(tables_of("figures", wildcards.entry)),
        caption=lambda wildcards: caption(wildcards.entry),
        marks=lambda wildcards: published_values(wildcards.entry),
        code=code("draw_figure.py", lambda wildcards: [registry.module_name("figures", wildcards.entry)]),
    script:
        "../scripts/draw_figure.py"
