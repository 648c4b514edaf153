process DEEPMIRGENE_SCAN {
    tag "$meta.id"
    label 'process_high'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine == 'singularity' && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/deepmirgene:0.1.0--0' :
        'biocontainers/deepmirgene:0.1.0--0' }"

    input:
    tuple val(meta), path(fasta)
    path model

    output:
    tuple val(meta), path("*.gff3")    , emit: gff3
    tuple val(meta), path("*_mqc.json"), emit: multiqc
    path "versions.yml"                , emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def use_model = model ? "--model ${model}" : ''
    """
    deepmirgene scan \\
        $args \\
        $use_model \\
        --threads $task.cpus \\
        --format gff3 \\
        --multiqc ${prefix}_mqc.json \\
        --output ${prefix}.gff3 \\
        $fasta

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        deepmirgene: \$(deepmirgene --version | sed -n '1s/deepmirgene //p')
    END_VERSIONS
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    touch ${prefix}.gff3 ${prefix}_mqc.json

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        deepmirgene: \$(deepmirgene --version | sed -n '1s/deepmirgene //p')
    END_VERSIONS
    """
}
