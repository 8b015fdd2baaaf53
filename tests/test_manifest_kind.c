#include "scenarios/manifest_kind.h"
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

static struct yaml_file f;
static struct err err;

static int forget(void **state)
{
    (void)state;
    yaml_free(&f);
    return 0;
}

static int check(const char *version, const char *kind)
{
    char text[200];

    yaml_free(&f);
    (void)snprintf(text, sizeof text, "%s%s%skind: %s\n",
                   version ? "apiVersion: " : "", version ? version : "",
                   version ? "\n" : "", kind);
    assert_int_equal(yaml_parse(&f, "a.yaml", text, strlen(text), &err),
                     ERR_OK);
    return manifest_check_kind(f.docs[0], kind, &err);
}

static void takes(const char *version, const char *kind)
{
    if (check(version, kind) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses(const char *version, const char *kind, const char *message)
{
    assert_int_equal(check(version, kind), ERR_INPUT);
    assert_string_equal(err.msg, message);
}

static void test_a_kind_that_is_nearly_right_is_refused(void **state)
{
    (void)state;
    refuses("keda.sh/v1alpha1", "Scaledobject",
            "a.yaml:2:7: there is no kind Scaledobject, did you mean "
            "ScaledObject?");
    refuses(NULL, "Deployments",
            "a.yaml:1:7: there is no kind Deployments, did you mean "
            "Deployment?");
    refuses("karpenter.sh/v1", "Nodepool",
            "a.yaml:2:7: there is no kind Nodepool, did you mean NodePool?");
}

static void test_kinds_of_others_may_be_called_what_they_like(void **state)
{
    (void)state;
    takes("keda.sh/v1alpha1", "ScaledJob");
    takes("karpenter.sh/v1", "NodeClaim");
    takes("v1", "ServiceAccount");
    takes("v1", "Secret");
    takes("apps/v1", "DaemonSet");
    takes("example.org/v1", "Services"); /* near, but of another group */
    takes("example.org/v1", "ScaledObject");
}

static void test_another_version_of_a_group_is_refused(void **state)
{
    (void)state;
    takes("keda.sh/v1alpha1", "ScaledObject");
    takes(NULL, "ScaledObject");
    takes("autoscaling/v1", "HorizontalPodAutoscaler");
    takes("karpenter.sh/v1beta1", "NodePool");
    refuses("keda.sh/v1", "ScaledObject",
            "a.yaml:1:13: a ScaledObject must be keda.sh/v1alpha1, not "
            "keda.sh/v1");
    refuses("v2", "Service", "a.yaml:1:13: a Service must be v1, not v2");
    takes("serving.knative.dev/v1", "Service");
}

static int kustomize(const char *text)
{
    yaml_free(&f);
    assert_int_equal(yaml_parse(&f, "k.yaml", text, strlen(text), &err),
                     ERR_OK);
    return manifest_check_kustomization(f.docs[0], &err);
}

static void test_a_kustomization_may_only_list_resources(void **state)
{
    (void)state;
    assert_int_equal(kustomize("kind: Kustomization\napiVersion: "
                               "kustomize.config.k8s.io/v1beta1\n"
                               "metadata: {name: a}\nresources: [a.yaml]\n"),
                     ERR_OK);
    assert_int_equal(kustomize("[a]\n"), ERR_OK); /* no business of ours */
    assert_int_equal(kustomize("resources: [a]\nnamespace: ci\n"), ERR_INPUT);
    assert_string_equal(err.msg,
                        "k.yaml:2:1: namespace is for kustomize, so the files "
                        "of this folder are not what is applied: read the "
                        "output of kustomize build");
}

#define TEST(name) cmocka_unit_test_teardown(name, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_kind_that_is_nearly_right_is_refused),
        TEST(test_kinds_of_others_may_be_called_what_they_like),
        TEST(test_another_version_of_a_group_is_refused),
        TEST(test_a_kustomization_may_only_list_resources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
