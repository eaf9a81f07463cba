package io.serai.api;

import io.serai.access.Allows;
import io.serai.access.Role;
import io.serai.kpi.Kpi;
import io.serai.kpi.Kpis;
import io.serai.support.Ids;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Figures about the business, their definitions and the orders behind them. */
@Tag(name = "kpis", description = "Figures about the business, each with its definition.")
@RestController
@RequestMapping(path = "/api/v1/kpis", produces = "application/json")
public final class KpisApi {
  private static final int TREND = 90;

  private final Kpis kpis;

  KpisApi(Kpis kpis) {
    this.kpis = kpis;
  }

  @Operation(
      summary = "List figures",
      description = "All of them with their definitions, as they were last computed.")
  @GetMapping
  @Allows(Role.VIEWER)
  public Page<KpiViews.Kpi> list(
      @Parameter(
              description = "Only of this account; of all when absent.",
              example = "shopify-main")
          @RequestParam(required = false)
          String account) {
    var figures =
        read(() -> kpis.window(Words.present(account))).stream()
            .collect(Collectors.toMap(Kpis.Figure::kpi, figure -> figure));
    return new Page<>(
        Stream.of(Kpi.values()).map(kpi -> view(kpi, figures.get(kpi), null, null)).toList(), null);
  }

  @Operation(summary = "Read a figure", description = "With its trend by day and by account.")
  @GetMapping("/{id}")
  @Allows(Role.VIEWER)
  public KpiViews.Kpi get(
      @Parameter(example = "split-shipments") @PathVariable String id,
      @Parameter(description = "Only of this account; of all when absent.")
          @RequestParam(required = false)
          String account) {
    var kpi = find(id);
    var of = Words.present(account);
    return view(
        kpi,
        read(() -> kpis.window(of)).stream().filter(f -> f.kpi() == kpi).findFirst().orElse(null),
        read(() -> kpis.byAccount(kpi)).stream().map(f -> point(f, f.scope())).toList(),
        read(() -> kpis.trend(kpi, of, TREND)).stream().map(f -> point(f, f.period())).toList());
  }

  @Operation(
      summary = "List the orders behind a figure",
      description =
          "Those that count in it as they stand now, the newest first. Figures that are not about orders have none.")
  @GetMapping("/{id}/orders")
  @Allows(Role.VIEWER)
  public Page<KpiViews.Behind> orders(
      @Parameter(example = "split-shipments") @PathVariable String id,
      @Parameter(description = "Only of this account; of all when absent.")
          @RequestParam(required = false)
          String account,
      @Parameter(description = "Items a page, 1 to 500; 50 when absent.")
          @RequestParam(required = false)
          Integer limit,
      @Parameter(description = "`next` of the page before.") @RequestParam(required = false)
          String cursor) {
    var kpi = find(id);
    int most = Cursor.limit(limit);
    var before = Cursor.uuid(Words.present(cursor));
    var rows =
        read(() -> kpis.behind(kpi, Words.present(account), before, most + 1)).stream()
            .map(
                behind ->
                    new KpiViews.Behind(
                        Ids.text("ord", behind.order()),
                        behind.account(),
                        behind.at(),
                        behind.amount()))
            .toList();
    return Page.of(rows, most, last -> Cursor.of(Ids.uuid("ord", last.orderId()).toString()));
  }

  private static Kpi find(String id) {
    return Kpi.of(id)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "Figure '%s' is not known; there are: %s."
                        .formatted(
                            Words.cut(id),
                            Arrays.stream(Kpi.values())
                                .map(Kpi::word)
                                .collect(Collectors.joining(", ")))));
  }

  private static KpiViews.Kpi view(
      Kpi kpi, Kpis.Figure figure, List<KpiViews.Point> accounts, List<KpiViews.Point> days) {
    return new KpiViews.Kpi(
        kpi.word(),
        kpi.sentence(),
        kpi.formula(),
        kpi.unit(),
        kpi.window(),
        figure == null ? null : figure.value(),
        figure == null ? null : figure.p95(),
        figure == null ? null : figure.most(),
        figure == null ? 0 : figure.hits(),
        figure == null ? 0 : figure.base(),
        figure == null ? null : figure.computedAt(),
        accounts,
        days);
  }

  private static KpiViews.Point point(Kpis.Figure figure, String of) {
    return new KpiViews.Point(
        of, figure.value(), figure.p95(), figure.most(), figure.hits(), figure.base());
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws SQLException;
  }

  private static <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
