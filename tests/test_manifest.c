#include "scenarios/manifest.h"
#include "tests/support.h"

#include <string.h>

#define CORPUS "tests/corpus/manifest/"

static struct manifest m;
static struct err err;

static int forget(void **state)
{
    (void)state;
    manifest_free(&m);
    return 0;
}

static void adds(const char *path)
{
    if (manifest_add(&m, path, &err) != ERR_OK)
        fail_msg("refused: %s", err.msg);
}

static void refuses(const char *path, int code, const char *message)
{
    manifest_free(&m);
    assert_int_equal(manifest_add(&m, path, &err), code);
    assert_string_equal(err.msg, message);
}

static const struct yaml_node *only(const char *kind, const char *name)
{
    const struct yaml_node *found = NULL, *o;
    size_t i = 0;

    while ((o = manifest_next(&m, kind, &i)))
        if (strcmp(manifest_name(o), name) == 0) {
            assert_null(found);
            found = o;
        }
    assert_non_null(found);
    return found;
}

static void test_a_folder_is_read_with_its_subfolders(void **state)
{
    (void)state;
    adds(CORPUS "folder");
    assert_int_equal(m.n_objects, 5);
    assert_string_equal(m.objects[0].name, "one"); /* a.json comes first */
    assert_string_equal(manifest_space(only("Service", "pods")), "build");
    assert_string_equal(manifest_space(only("Service", "two")), "default");
    assert_string_equal(manifest_text(&m, ".tpl")->text, "# sub\n");
}

static void test_texts_know_their_first_line(void **state)
{
    (void)state;
    adds(CORPUS "folder/b.yaml");
    const struct manifest_text *t = manifest_text(&m, "drain.sh");

    assert_string_equal(t->text, "echo from the ConfigMap\n");
    assert_string_equal(t->path, CORPUS "folder/b.yaml");
    assert_int_equal(t->line, 6);
    assert_int_equal(manifest_text(&m, "haproxy.cfg")->line, 8);
    assert_null(manifest_text(&m, "nothing"));
}

static void test_a_later_source_replaces_whole_objects(void **state)
{
    (void)state;
    adds(CORPUS "folder");
    adds(CORPUS "override");
    assert_int_equal(m.n_objects, 5);
    const struct yaml_node *s = only("Service", "pods");

    assert_null(yaml_get(yaml_get(s, "spec"), "clusterIP"));
    assert_null(manifest_text(&m, "drain.sh"));
    assert_null(manifest_text(&m, "haproxy.cfg"));
    assert_non_null(manifest_text(&m, "other.sh"));
}

static void test_what_nobody_asked_for_is_marked_unused(void **state)
{
    size_t n = 0;
    (void)state;

    adds(CORPUS "folder");
    only("Service", "one");
    for (size_t i = 0; i < m.n_objects; i++)
        n += !m.objects[i].used;
    assert_int_equal(n, 2);
}

static void test_an_object_twice_in_one_source_is_refused(void **state)
{
    (void)state;
    refuses(CORPUS "twice.yaml", ERR_INPUT,
            CORPUS
            "twice.yaml:4:1: Service a is defined twice, first in " CORPUS
            "twice.yaml:1");
}

static void test_what_is_no_object_is_refused(void **state)
{
    (void)state;
    refuses(CORPUS "values.yaml", ERR_INPUT,
            CORPUS "values.yaml:1:1: no kind: this is not a Kubernetes object; "
                   "let manifests name the files that are");
    refuses(CORPUS "template.yaml", ERR_INPUT,
            CORPUS "template.yaml:3:10: a key must be a word; if its {{ }} are "
                   "of a Helm chart, read the output of helm template");
    refuses(CORPUS "none", ERR_IO, CORPUS "none: No such file or directory");
    refuses("/dev/zero", ERR_INPUT, "/dev/zero: neither file nor folder");
}

static void test_a_folder_that_kustomize_changes_is_refused(void **state)
{
    (void)state;
    refuses(CORPUS "kustomized", ERR_INPUT,
            CORPUS "kustomized/kustomization.yaml:4:1: patches is for "
                   "kustomize, so the files of this folder are not what is "
                   "applied: read the output of kustomize build");
    manifest_free(&m);
    adds(CORPUS "folder"); /* its kustomization only lists resources */
}

static void test_the_shipped_manifests_are_read(void **state)
{
    (void)state;
    adds("scenarios/manifests/prod");
    only("ScaledObject", "buildkitd-amd64");
    only("NodePool", "buildkit-arm64");
    assert_non_null(manifest_text(&m, "haproxy.cfg"));
    adds("scenarios/manifests/staging");
    adds("scenarios/manifests/steps/weighted-pools.yaml");
    only("NodePool", "buildkit-amd64-m6id-12xlarge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_a_folder_is_read_with_its_subfolders,
                                  forget),
        cmocka_unit_test_teardown(test_texts_know_their_first_line, forget),
        cmocka_unit_test_teardown(test_a_later_source_replaces_whole_objects,
                                  forget),
        cmocka_unit_test_teardown(test_what_nobody_asked_for_is_marked_unused,
                                  forget),
        cmocka_unit_test_teardown(test_an_object_twice_in_one_source_is_refused,
                                  forget),
        cmocka_unit_test_teardown(test_what_is_no_object_is_refused, forget),
        cmocka_unit_test_teardown(
            test_a_folder_that_kustomize_changes_is_refused, forget),
        cmocka_unit_test_teardown(test_the_shipped_manifests_are_read, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
