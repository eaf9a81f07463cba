package io.serai.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.serai.access.Audit;
import io.serai.access.HubMode;
import io.serai.access.OidcSettings;
import io.serai.access.PasswordLogin;
import io.serai.api.Reads;
import io.serai.api.ViewsApi;
import io.serai.deadletter.DeadLetters;
import io.serai.deadletter.Selection;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** What is behind the console's door. */
@Configuration(proxyBeanMethods = false)
@Import({
  SessionPages.class,
  StaticFiles.class,
  LivePages.class,
  HomePages.class,
  SearchPages.class,
  ViewPages.class,
  DeadLetterPages.class,
  DeadLetterListPages.class,
  MessagePages.class,
  DeliveryPages.class,
  OrderPages.class,
  AddressFixPages.class,
  OrderErrandPages.class,
  ParcelPages.class,
  ReturnPages.class,
  JobPages.class,
  ReconcilePages.class,
  KpiPages.class,
  StockPages.class,
  StockActionPages.class,
  StockLedgerPages.class,
  StockCasePages.class,
  ReplayPlanPages.class,
  EndingPages.class,
  LegalHoldPages.class,
  InterchangePages.class,
  SystemPages.class,
  RoutePages.class,
  AuditPages.class,
  ApprovalPages.class,
  MaintenancePages.class,
  AccessPages.class
})
class ConsolePages {
  @Bean
  Screens screens(Clock clock, HubMode mode, ViewsApi views) {
    return new Screens(
        TemplateEngine.createPrecompiled(
            null, ContentType.Html, ConsolePages.class.getClassLoader(), "io.serai.console"),
        clock,
        mode,
        views);
  }

  @Bean
  FilterChainProxy guard(HttpSecurity http, Screens screens, ObjectProvider<OidcLogin> oidc)
      throws Exception {
    if (oidc.getIfAvailable() != null) {
      oidc.getObject().in(http);
    }
    return new FilterChainProxy(ConsoleGuard.chain(http, screens));
  }

  @Bean
  OidcLogin oidcLogin(Optional<OidcSettings> settings, PasswordLogin login) {
    return settings.map(oidc -> new OidcLogin(oidc, login)).orElse(null);
  }

  @Bean
  Reveals reveals(Audit audit, Clock clock) {
    return new Reveals(audit, clock);
  }

  @Bean
  HomeReads homeReads(Reads reads) {
    return new HomeReads(reads);
  }

  @Bean
  Pile pile(DeadLetters deadLetters, Clock clock) {
    return new Pile(() -> deadLetters.groups(Selection.everything()), clock);
  }

  @Bean
  LiveEvents liveEvents(HomeReads reads, Pile pile) {
    return new LiveEvents(() -> reads.pulse().of(pile.mark()));
  }

  @Bean
  RequestMappingHandlerMapping handlerMapping(Pile pile, HubMode mode) {
    var mapping = new RequestMappingHandlerMapping();
    mapping.setInterceptors(new RightsInterceptor(mode), new VerbInterceptor(pile));
    return mapping;
  }

  @Bean
  RequestMappingHandlerAdapter handlerAdapter(Screens screens) {
    var adapter = new RequestMappingHandlerAdapter();
    adapter.setCustomArgumentResolvers(List.of(new VisitArgument(screens)));
    adapter.setMessageConverters(
        List.of(new ByteArrayHttpMessageConverter(), new StringHttpMessageConverter()));
    return adapter;
  }

  @Bean
  HandlerExceptionResolver handlerExceptionResolver(Screens screens) {
    return new ConsoleFaults(screens);
  }
}
