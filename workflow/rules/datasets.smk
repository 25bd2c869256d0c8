# In: a data set bundled with a package, or originals in the user's folder (data.folder, SCALING_DATA) or in the cache.
# Out: its images in one form. Lands in results/<size>/datasets/<data set>/images.npz.
# The target downloads fetches all published files into the cache, those that curves are read from too.


rule prepare_images:
    input:
        user_files("datasets"),
    output:
        images=f"{RESULTS}/datasets/{{entry}}/images.npz",
        sidecar=f"{RESULTS}/datasets/{{entry}}/images.provenance.json",
    log:
        f"{RESULTS}/logs/prepare_images/{{entry}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/prepare_images/{{entry}}.tsv"
    wildcard_constraints:
        entry=any_of(CONFIG["datasets"]),
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(4000),
        runtime=20,
    params:
        settings=entry("datasets"),
        files=user_digests("datasets"),
        code=code("prepare_images.py", plugin("datasets", "datasets", "source")),
    script:
        "../scripts/prepare_images.py"


rule downloads:
    log:
        f"{RESULTS}/logs/downloads.log",
    benchmark:
        f"{RESULTS}/benchmarks/downloads.tsv"
    conda:
        "../../envs/environment.yml"
    threads: 1
    resources:
        mem_mb=growing(1000),
        runtime=120,
    params:
        folder=str(DATA_FOLDER or ""),
        cache=str(CACHE),
    script:
        "../scripts/download_originals.py"
