package io.serai.api;

import io.serai.access.AccessConfiguration;
import io.serai.access.AllowsInterceptor;
import io.serai.access.Audit;
import io.serai.access.Caller;
import io.serai.access.SavedViews;
import io.serai.catalog.Configuration;
import io.serai.deadletter.CauseHistory;
import io.serai.deadletter.EndedCounts;
import io.serai.deadletter.Reopening;
import io.serai.deadletter.ReplayReports;
import io.serai.hub.Apply;
import io.serai.hub.ChannelHolds;
import io.serai.hub.Erasure;
import io.serai.hub.Publications;
import io.serai.hub.Retention;
import io.serai.hub.RouteStops;
import io.serai.inbox.Intake;
import io.serai.outbox.Maintenance;
import java.time.Clock;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.MethodParameter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Wires the REST interface: import it and give it a DataSource and a Clock. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@Import({
  AccessConfiguration.class,
  DryRunsOnly.class,
  AccessApi.class,
  ApprovalsApi.class,
  DiscardsApi.class,
  MaintenanceApi.class,
  ChannelHoldsApi.class,
  SearchApi.class,
  ViewsApi.class,
  ErasureApi.class,
  OrdersApi.class,
  OrderActionsApi.class,
  AddressFixApi.class,
  OrderErrandsApi.class,
  RefundsApi.class,
  ParcelsApi.class,
  ReturnsApi.class,
  MessagesApi.class,
  ComparisonApi.class,
  DeadLettersApi.class,
  CausesApi.class,
  ReplaysApi.class,
  ReplayRepeatsApi.class,
  ReopensApi.class,
  ReconcileApi.class,
  KpisApi.class,
  StockApi.class,
  ItemsApi.class,
  StockChangesApi.class,
  StockBuffersApi.class,
  PublishNowApi.class,
  IncomingStockApi.class,
  StockCasesApi.class,
  StockCountsApi.class,
  RulesApi.class,
  AllocationsApi.class,
  AuditApi.class,
  DriftApi.class,
  InterchangesApi.class,
  CatalogApi.class,
  RoutesApi.class,
  OpenApi.class
})
public class ApiConfiguration {
  @Bean
  Reads apiReads(DataSource database) {
    return new Reads(database);
  }

  @Bean
  ChannelHolds channelHolds(DataSource database, Clock clock) {
    return new ChannelHolds(database, clock);
  }

  @Bean
  RouteStops routeStops(DataSource database, Clock clock) {
    return new RouteStops(database, clock);
  }

  @Bean
  Maintenance maintenance(DataSource database, Clock clock) {
    return new Maintenance(database, clock);
  }

  @Bean
  SavedViews savedViews(DataSource database, Clock clock) {
    return new SavedViews(database, clock);
  }

  @Bean
  RefundSums refundSums(Reads reads) {
    return new RefundSums(reads);
  }

  @Bean
  ReplayReports replayReports(DataSource database, Clock clock) {
    return new ReplayReports(database, clock);
  }

  @Bean
  Reopening reopening(DataSource database, Clock clock) {
    return new Reopening(database, clock);
  }

  @Bean
  OrderReads orderReads(Reads reads) {
    return new OrderReads(reads);
  }

  @Bean
  OrderNext orderNext(Reads reads, Configuration configuration, Clock clock) {
    return new OrderNext(reads, configuration, clock);
  }

  @Bean
  SearchReads searchReads(Reads reads, OrderReads orders) {
    return new SearchReads(reads, orders);
  }

  @Bean
  OrderIntake orderIntake(
      Intake inbox,
      Configuration configuration,
      OrderJudge judge,
      DataSource database,
      Clock clock) {
    return new OrderIntake(inbox, configuration, judge, database, clock);
  }

  @Bean
  OrderActions orderActions(Apply engine) {
    return new OrderActions(engine);
  }

  @Bean
  ParcelReads parcelReads(Reads reads) {
    return new ParcelReads(reads);
  }

  @Bean
  ReturnReads returnReads(Reads reads) {
    return new ReturnReads(reads);
  }

  @Bean
  MessageReads messageReads(
      Reads reads, ObjectProvider<Retention.Terms> retention, ObjectProvider<Erasure> erasure) {
    var personal = erasure.getIfAvailable();
    return new MessageReads(
        reads,
        retention.getIfAvailable(() -> Retention.Terms.USUAL),
        personal == null ? Erasure.Terms.USUAL : personal.terms());
  }

  @Bean
  EndedCounts endedCounts(DataSource database) {
    return new EndedCounts(database);
  }

  @Bean
  CauseHistory causeHistory(DataSource database, Clock clock) {
    return new CauseHistory(database, clock);
  }

  @Bean
  PersonalDataReads personalDataReads(Audit audit, Clock clock) {
    return new PersonalDataReads(audit, clock);
  }

  @Bean
  StockReads stockReads(Reads reads, Publications publications) {
    return new StockReads(reads, publications);
  }

  @Bean
  ItemReads itemReads(Reads reads) {
    return new ItemReads(reads);
  }

  @Bean
  StockReporting stockReporting(Apply engine, DataSource database) {
    return new EngineStock(engine, database);
  }

  @Bean
  StockChanging stockChanging(Apply engine) {
    return new StockChanging(engine);
  }

  @Bean
  ProblemResolver problemResolver() {
    return new ProblemResolver();
  }

  @Bean
  FilterRegistrationBean<BodyLimit> apiBodyLimit() {
    var filter = new FilterRegistrationBean<>(new BodyLimit());
    filter.addUrlPatterns("/api/*");
    return filter;
  }

  @Bean
  FilterRegistrationBean<CsvExport.Door> apiCsv() {
    var filter = new FilterRegistrationBean<>(new CsvExport.Door());
    filter.addUrlPatterns("/api/*");
    return filter;
  }

  @Bean
  WebMvcConfigurer apiConversions(ObjectProvider<RequestMappingHandlerAdapter> adapters) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        // after the one that refuses whoever may not
        registry
            .addInterceptor(new CsvExport(adapters::getObject))
            .addPathPatterns("/api/**")
            .order(1);
      }

      @Override
      public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
        for (var converter : converters) {
          if (converter instanceof MappingJackson2HttpMessageConverter json) {
            json.setObjectMapper(ApiJson.MAPPER);
          }
        }
      }

      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerArgument());
      }
    };
  }

  /** Gives a method the caller that the security chain found. */
  private static final class CallerArgument implements HandlerMethodArgumentResolver {
    @Override
    public boolean supportsParameter(MethodParameter parameter) {
      return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Object resolveArgument(
        MethodParameter parameter,
        ModelAndViewContainer container,
        NativeWebRequest request,
        WebDataBinderFactory binders) {
      return AllowsInterceptor.current();
    }
  }
}
