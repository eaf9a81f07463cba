package io.serai.cli;

import picocli.CommandLine.Command;

/** {@code serai edi}: X12 files, judged without a hub. */
@Command(
    name = "edi",
    description = "X12 files: check one and have every fault explained.",
    subcommands = EdiCheckCommand.class)
final class EdiCommand {}
