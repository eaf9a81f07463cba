package io.serai.access;

import jakarta.servlet.DispatcherType;
import java.time.Clock;
import javax.sql.DataSource;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Wires who may do what. Only {@code /api/*} passes through its filters; the console brings its
 * own.
 */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {
  /** Everybody who is known; refuses the start when the settings are not sound. */
  @Bean
  Callers callers(Environment environment) {
    return new Callers(
        AccessSettings.from(environment), LoggerFactory.getLogger(Callers.class)::info);
  }

  /** Slows down guessing, wherever a name and a password are given. */
  @Bean
  LoginThrottle loginThrottle(Clock clock) {
    return new LoginThrottle(clock);
  }

  /** Names and passwords of people. */
  @Bean
  PasswordLogin passwordLogin(Callers callers, LoginThrottle throttle, Audit audit) {
    return new PasswordLogin(callers, throttle, audit);
  }

  /** Which hub this is; refuses the start when that is not sound. */
  @Bean
  HubMode hubMode(Environment environment) {
    return HubMode.from(environment);
  }

  /** The audit. */
  @Bean
  Audit audit(DataSource database, Clock clock) {
    return new Audit(database, clock);
  }

  /** Tokens that people make for programs. */
  @Bean
  ApiTokens apiTokens(DataSource database, Audit audit, Clock clock) {
    return new ApiTokens(database, audit, clock);
  }

  /** From where on a second person has to approve; refuses the start when that is not sound. */
  @Bean
  ApprovalTerms approvalTerms(Environment environment) {
    return ApprovalTerms.from(environment);
  }

  /** What a second person has to approve. */
  @Bean
  Approvals approvals(DataSource database, Audit audit, Callers callers, Clock clock) {
    return new Approvals(database, audit, callers::person, clock);
  }

  /** People who log in elsewhere; null when nobody does, refuses the start when it is not sound. */
  @Bean
  OidcSettings oidcSettings(Environment environment) {
    return OidcSettings.from(environment).orElse(null);
  }

  /** The audit's one writer behind. */
  @Bean
  AuditChain auditChain(DataSource database) {
    return new AuditChain(database);
  }

  /** Keeps Boot from making a user of its own; callers are found by our filter. */
  @Bean
  AuthenticationManager authenticationManager() {
    return authentication -> {
      throw new BadCredentialsException("Callers are found by the Authorization header alone.");
    };
  }

  /** Programs and the command line: no session, every request carries its credentials. */
  @Bean
  SecurityFilterChain apiSecurity(
      HttpSecurity http, Callers callers, ApiTokens tokens, LoginThrottle throttle)
      throws Exception {
    return http.securityMatcher("/api/**")
        .csrf(AbstractHttpConfigurer::disable) // no cookie; CallerFilter refuses foreign sites
        .formLogin(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .addFilterBefore(new CallerFilter(callers, tokens, throttle), AuthorizationFilter.class)
        .authorizeHttpRequests(
            requests ->
                requests
                    .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                    .permitAll()
                    .anyRequest()
                    .authenticated())
        .exceptionHandling(
            faults ->
                faults
                    .authenticationEntryPoint(
                        (request, response, fault) ->
                            ProblemAnswer.unauthorized(
                                request,
                                response,
                                "This address needs credentials; send a bearer token or a login."))
                    .accessDeniedHandler(
                        (request, response, fault) ->
                            ProblemAnswer.forbidden(
                                request, response, "Nobody may call this address.")))
        .build();
  }

  /** Roles, method by method. */
  @Bean
  WebMvcConfigurer allowsEveryApiMethodByRole(HubMode mode) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new AllowsInterceptor(mode)).addPathPatterns("/api/**");
      }
    };
  }

  /**
   * Narrows the servlet filter to where somebody logs in: webhooks are verified by their own
   * signature and must not pay for, or be refused by, this one.
   */
  @Bean
  static BeanPostProcessor securityOnlyWhereSomebodyLogsIn() {
    return new BeanPostProcessor() {
      @Override
      public Object postProcessBeforeInitialization(Object bean, String name) {
        if (bean instanceof DelegatingFilterProxyRegistrationBean filter
            && name.equals("securityFilterChainRegistration")) {
          filter.addUrlPatterns("/api/*");
        }
        return bean;
      }
    };
  }
}
