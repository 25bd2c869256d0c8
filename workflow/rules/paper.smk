# In: the ledger, the fits, the figures and the text in paper/. Out: the manuscript. Lands in results/<size>/paper.pdf.

MANUSCRIPT = sorted(
    str(path.relative_to(workflow.basedir))
    for path in Path(workflow.basedir, "paper").glob("**/*.*")
    if path.suffix in (".typ", ".bib")
)
FIGURE_PDFS = expand(f"{RESULTS}/figures/{{entry}}/{{entry}}.pdf", entry=CONFIG["figures"])


rule collect_numbers:
    input:
        claims=rules.write_ledger.output.table,
        laws=expand(f"{RESULTS}/laws/{{entry}}/parameters.parquet", entry=CONFIG["laws"]),
    output:
        numbers=f"{RESULTS}/paper/numbers.json",
        sidecar=f"{RESULTS}/paper/numbers.provenance.json",
    log:
        f"{RESULTS}/logs/collect_numbers.log",
    benchmark:
        f"{RESULTS}/benchmarks/collect_numbers.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=10,
    params:
        laws=list(CONFIG["laws"]),
        figures=lambda wildcards: {
            name: {"study": registry.study_of("figures", name), "caption": caption(name)} for name in CONFIG["figures"]
        },
        studies=CONFIG["studies"],
        shown_in={claim: figures_of(CONFIG, claim) for claim in CONFIG["claims"]},
        code=code("collect_numbers.py"),
    script:
        "../scripts/collect_numbers.py"


rule typeset_paper:
    input:
        text=MANUSCRIPT,
        sections=list(sections().values()),
        numbers=rules.collect_numbers.output.numbers,
        figures=FIGURE_PDFS,
    output:
        paper=f"{RESULTS}/paper.pdf",
        sidecar=f"{RESULTS}/paper/paper.provenance.json",
    log:
        f"{RESULTS}/logs/typeset_paper.log",
    benchmark:
        f"{RESULTS}/benchmarks/typeset_paper.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=10,
    params:
        size=SIZE,
        origin=ORIGIN,
        sections=sections(),
        config_digest=provenance.value_digest({key: CONFIG[key] for key in CONFIG if key != "data"}),
        code=code("typeset_paper.py"),
    script:
        "../scripts/typeset_paper.py"
