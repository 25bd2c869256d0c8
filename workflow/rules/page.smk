# In: the ledger, the figures, and the ledgers of other sizes where they were run. Out: the page to open first.
# Lands in results/<size>/index.html; it links to what lies beside it.

LEDGERS = {size: f"results/{size}/claims.csv" for size in SIZES if size != SIZE}
LEDGERS = {size: path for size, path in LEDGERS.items() if Path(path).is_file()}


rule write_page:
    input:
        ledger=rules.write_ledger.output.table,
        studies=expand(f"{RESULTS}/claims/{{study}}.csv", study=CONFIG["studies"]),
        figures=[picture(name) for name in CONFIG["figures"]],
        others=list(LEDGERS.values()),
    output:
        page=f"{RESULTS}/index.html",
        sidecar=f"{RESULTS}/index.provenance.json",
    log:
        f"{RESULTS}/logs/write_page.log",
    benchmark:
        f"{RESULTS}/benchmarks/write_page.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=10,
    params:
        config={key: CONFIG[key] for key in ("size", "studies", "claims", "figures")},
        captions=lambda wildcards: {name: caption(name) for name in CONFIG["figures"]},
        images=lambda wildcards: {
            claim: presence.images_of(CONFIG, claim, DATA_FOLDER, CACHE) for claim in CONFIG["claims"]
        },
        others=list(LEDGERS),
        origin=ORIGIN,
        look=look("page", "ledger"),
        code=code("write_page.py"),
    script:
        "../scripts/write_page.py"
