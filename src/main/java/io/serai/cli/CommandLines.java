package io.serai.cli;

import java.lang.reflect.InvocationTargetException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Makes the command line of all verbs: a fault is one sentence on the error stream, exit code 1; a
 * misused verb is one sentence and where to read more, exit code 2.
 */
public final class CommandLines {
  private static final Class<?>[] NOUNS = {
    OrdersCommand.class,
    ParcelCommands.All.class,
    ReturnCommands.All.class,
    MessagesCommand.class,
    DeadLettersCommand.class,
    ReplaysCommand.class,
    StockCommand.class,
    AllocationsCommand.class,
    FindingsCommand.class,
    RulesCommand.class,
    CatalogCommands.Channels.class,
    CatalogCommands.Partners.class,
    CatalogCommands.Routes.class,
    AuditCommand.class,
    ApprovalsCommand.class,
    MaintenanceCommand.class,
    ViewsCommand.class,
    AccessCommands.Users.class,
    AccessCommands.Tokens.class,
    EdiCommand.class,
    NewCommand.class
  };

  private CommandLines() {}

  /** Makes commands, giving the session to those that want it. */
  public static IFactory factory(Session session) {
    return new Factory(session);
  }

  /** Adds the operator's nouns to a root command, and settles how all of it prints and fails. */
  public static CommandLine complete(CommandLine commands, Session session) {
    for (var noun : NOUNS) {
      commands.addSubcommand(explained(new CommandLine(noun, commands.getFactory())));
    }
    commands.addSubcommand(new CommandLine(ReconcileCommand.class, commands.getFactory()));
    commands.addSubcommand(new CommandLine(SearchCommand.class, commands.getFactory()));
    commands.addSubcommand(new CommandLine(KpisCommand.class, commands.getFactory()));
    return settle(commands, session);
  }

  /** Settles how the commands of a root print and fail. */
  public static CommandLine settle(CommandLine commands, Session session) {
    var terminal = session.terminal();
    commands.setOut(terminal.out());
    commands.setErr(terminal.err());
    commands.setColorScheme(
        CommandLine.Help.defaultColorScheme(terminal.color() ? Ansi.ON : Ansi.OFF));
    if (terminal.width() > 0) {
      commands.setUsageHelpWidth(Math.max(55, Math.min(120, terminal.width())));
    } else {
      commands.setUsageHelpWidth(100);
    }
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setParameterExceptionHandler((fault, arguments) -> misuse(fault));
    commands.setExecutionExceptionHandler(
        (fault, command, result) -> {
          if (!(fault instanceof Sentence)) {
            throw fault;
          }
          command.getErr().println(fault.getMessage());
          return 1;
        });
    return commands;
  }

  /** A noun does nothing itself; it answers {@code --help} with its verbs. */
  private static CommandLine explained(CommandLine noun) {
    noun.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .type(boolean.class)
                .description("Show this help.")
                .build());
    noun.getCommandSpec()
        .usageMessage()
        .synopsisSubcommandLabel("VERB")
        .commandListHeading("%nVerbs:%n")
        .footer("", "'%s VERB --help' says more.".formatted("serai " + noun.getCommandName()));
    return noun;
  }

  private static int misuse(ParameterException fault) {
    var command = fault.getCommandLine();
    var err = command.getErr();
    var message = fault.getMessage();
    err.println(message.endsWith(".") ? message : message + ".");
    if (fault instanceof UnmatchedArgumentException unmatched) {
      var nearest = unmatched.getSuggestions();
      if (!nearest.isEmpty()) {
        err.println(
            "Nearest: " + String.join(", ", nearest.subList(0, Math.min(3, nearest.size()))));
      }
    }
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return 2;
  }

  private record Factory(Session session) implements IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      for (var constructor : type.getDeclaredConstructors()) {
        if (constructor.getParameterCount() == 1
            && constructor.getParameterTypes()[0] == Session.class) {
          constructor.setAccessible(true);
          try {
            return type.cast(constructor.newInstance(session));
          } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
          }
        }
      }
      return CommandLine.defaultFactory().create(type);
    }
  }
}
