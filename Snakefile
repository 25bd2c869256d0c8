# Neural scaling laws, rebuilt and tested: `envs/run snakemake --cores all` makes every table, figure and claim.
# The rule files are included in the order in which they run; each begins with what comes in, what goes out, and where it lands.


configfile: "config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/datasets.smk"
include: "workflow/rules/training.smk"
include: "workflow/rules/theory.smk"
include: "workflow/rules/simulation.smk"
include: "workflow/rules/curves.smk"
include: "workflow/rules/laws.smk"
include: "workflow/rules/analysis.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/page.smk"
include: "workflow/rules/paper.smk"
include: "workflow/rules/archive.smk"


# What a run of each size asks for, on the machines it is made for.
EXPECTED = {
    "smoke": "every rule once, about two minutes on two cores",
    "laptop": "about ten minutes on two cores, no download",
    "overnight": "real images, some hours on two cores; `envs/run python -m scaling cost --size overnight` says how long",
    "paper": "the grids of the papers, GPU-hours to days; `envs/run python -m scaling cost --size paper` says how long",
}
UNREAD = "Name it in a figure, a claim or another entry, or take it out; the file itself can be asked for by its name."
FAILED = (
    "A stage failed. The line that begins with its rule's name says why; the log it names has the details. Where there is no "
    "such line the system killed the job, mostly for want of memory: run fewer at once (a smaller --cores). Mend the cause and "
    "run the same command again: all that is finished stays. After a kill or a lost node, add --rerun-incomplete."
)


onstart:
    launching.check_interpreter(jobs_run_here=workflow.local_exec)
    launching.look_at_jobs_only_when_one_ends(workflow.scheduler)
    launching.begin_jobs_as_copies({job.rule.name for job in workflow.dag.needrun_jobs()})
    print(
        f"Size {SIZE}: {EXPECTED[SIZE]}. Results appear in {RESULTS}; stop at any time and run again to go on.",
        file=sys.stderr,
    )
    for name in unread(CHECKED):
        print(f"{name}: nothing reads its table, so no target makes it. {UNREAD}", file=sys.stderr)
    for entry, reason in LACKING.items():
        print(f"Left out: {entry}: {reason}", file=sys.stderr)


onsuccess:
    print(
        "\n".join(["All is there. Open first:", *(f"  {place:32} {what}" for place, what in to_open())]),
        file=sys.stderr,
    )


onerror:
    print(FAILED, file=sys.stderr)


# On a cluster these run where Snakemake runs: they take seconds, or need the network.
localrules:
    all,
    figures,
    claims,
    datasets,
    downloads,
    benchmark,
    prepare_images,
    gather_learning_curves,
    collect_points,
    draw_figure,
    measure_claims,
    write_ledger,
    write_page,
    collect_numbers,
    typeset_paper,
    archive,
    pack_archive,
    recorded,


# Everything: figures with their numbers, the ledger, the page to open first and the manuscript.
rule all:
    default_target: True
    input:
        whole([f"{RESULTS}/{product}" for product in ("claims.csv", "index.html", "paper.pdf")]),


rule figures:
    input:
        whole([picture(name) for name in CONFIG["figures"]]),


rule claims:
    input:
        whole([f"{RESULTS}/claims.csv"]),


rule datasets:
    input:
        [f"{RESULTS}/datasets/{name}/images.npz" for name in used_datasets()],


# All results in one file, with a manifest; `--config curves_from=FILE` makes everything but the curves from it again.
rule archive:
    input:
        whole([f"{RESULTS}/archive.zip"]),


# Laws fitted to published curves, where they can be compared with published fits.
rule benchmark:
    input:
        whole([table(f"laws/{name}/parameters") for name in benchmark_laws()]),


# Each figure by its name.
for figure in CONFIG["figures"]:

    rule:
        name:
            figure
        input:
            whole([picture(figure)]),
        localrule: True


# Each study by its name and by the letter of its paper.
for study, about in CONFIG["studies"].items():
    for target in sorted({study, about["paper"]}):

        rule:
            name:
                target
            input:
                whole(targets_of(study)),
            localrule: True
