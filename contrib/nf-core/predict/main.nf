process DEEPMIRGENE_PREDICT {
    tag "$meta.id"
    label 'process_medium'

    conda "${moduleDir}/environment.yml"
    container "${ workflow.containerEngine == 'singularity' && !task.ext.singularity_pull_docker_container ?
        'https://depot.galaxyproject.org/singularity/deepmirgene:0.1.0--0' :
        'biocontainers/deepmirgene:0.1.0--0' }"

    input:
    tuple val(meta), path(fasta)
    path model

    output:
    tuple val(meta), path("*.tsv") , emit: tsv
    tuple val(meta), path("*.html"), emit: report
    path "versions.yml"            , emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def use_model = model ? "--model ${model}" : ''
    """
    deepmirgene predict \\
        $args \\
        $use_model \\
        --threads $task.cpus \\
        --report ${prefix}.html \\
        --output ${prefix}.tsv \\
        $fasta

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        deepmirgene: \$(deepmirgene --version | sed -n '1s/deepmirgene //p')
    END_VERSIONS
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    touch ${prefix}.tsv ${prefix}.html

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        deepmirgene: \$(deepmirgene --version | sed -n '1s/deepmirgene //p')
    END_VERSIONS
    """
}
