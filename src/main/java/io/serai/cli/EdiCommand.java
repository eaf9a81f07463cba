package io.serai.cli;

import picocli.CommandLine.Command;

/** {@code serai edi}: EDI files, judged without a hub, and what partners and we sent each other. */
@Command(
    name = "edi",
    description =
        "X12 and EDIFACT: check a file and have every fault explained; write a partner's guide; see what"
            + " partners and we sent each other.",
    subcommands = {
      EdiCheckCommand.class,
      EdiGuideCommand.class,
      EdiExchangeCommands.ListInterchanges.class,
      EdiExchangeCommands.ShowInterchange.class,
      EdiExchangeCommands.Content.class,
      EdiExchangeCommands.Conversations.class,
      EdiExchangeCommands.Overdue.class,
      EdiExchangeCommands.Numbers.class
    })
final class EdiCommand {}
