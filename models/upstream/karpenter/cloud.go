package karpenter

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/awslabs/operatorpkg/status"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

// A cloud has types and offerings and launches nothing: what becomes of a claim
// is not compared. Claims stand in for the kind of its node classes, which
// nobody reads.
type cloud struct {
	s *scenario
}

var errNoInstances = errors.New("no instances here")

func (c *cloud) Create(context.Context, *v1.NodeClaim) (*v1.NodeClaim, error) {
	return nil, errNoInstances
}
func (c *cloud) Delete(context.Context, *v1.NodeClaim) error { return errNoInstances }
func (c *cloud) Get(context.Context, string) (*v1.NodeClaim, error) {
	return nil, errNoInstances
}
func (c *cloud) List(context.Context) ([]*v1.NodeClaim, error) { return nil, nil }
func (c *cloud) IsDrifted(context.Context, *v1.NodeClaim) (cloudprovider.DriftReason, error) {
	return "", nil
}
func (c *cloud) RepairPolicies() []cloudprovider.RepairPolicy { return nil }
func (c *cloud) Name() string                                 { return "drydock" }
func (c *cloud) GetSupportedNodeClasses() []status.Object {
	return []status.Object{&v1.NodeClaim{}}
}

func (c *cloud) GetInstanceTypes(_ context.Context, np *v1.NodePool) ([]*cloudprovider.InstanceType, error) {
	var types []*cloudprovider.InstanceType
	p := c.s.Pools[poolIndex(np.Name)]
	for _, t := range p.Types {
		types = append(types, c.instanceType(t, p.Zones))
	}
	return types, nil
}

func (c *cloud) available(t, zone int) bool {
	for _, a := range c.s.Away {
		if a == [2]int{t, zone} {
			return false
		}
	}
	return true
}

func (c *cloud) instanceType(i int, only []int) *cloudprovider.InstanceType {
	t := c.s.Types[i]
	var offerings cloudprovider.Offerings
	var zones []string
	for z := range c.s.Zones {
		if only != nil && !slices.Contains(only, z) {
			continue
		}
		zones = append(zones, zoneName(z))
		offerings = append(offerings, &cloudprovider.Offering{
			Requirements: scheduling.NewLabelRequirements(map[string]string{
				v1.CapacityTypeLabelKey:  v1.CapacityTypeOnDemand,
				corev1.LabelTopologyZone: zoneName(z),
			}),
			Price:     t.USD,
			Available: c.available(i, z),
		})
	}
	in := corev1.NodeSelectorOpIn
	return &cloudprovider.InstanceType{
		Name: t.Name,
		Requirements: scheduling.NewRequirements(
			scheduling.NewRequirement(corev1.LabelInstanceTypeStable, in, t.Name),
			scheduling.NewRequirement(corev1.LabelArchStable, in, "amd64"),
			scheduling.NewRequirement(corev1.LabelOSStable, in, "linux"),
			scheduling.NewRequirement(corev1.LabelTopologyZone, in, zones...),
			scheduling.NewRequirement(v1.CapacityTypeLabelKey, in, v1.CapacityTypeOnDemand),
		),
		Offerings: offerings,
		Capacity:  amounts(t.Capacity, true),
		Overhead: &cloudprovider.InstanceTypeOverhead{
			KubeReserved: amounts(size{
				t.Capacity.MCPU - t.Allocatable.MCPU,
				t.Capacity.MiB - t.Allocatable.MiB,
			}, false),
		},
	}
}

func zoneName(z int) string { return fmt.Sprintf("zone-%d", z) }

func amounts(s size, node bool) corev1.ResourceList {
	list := corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(s.MCPU, resource.DecimalSI),
		corev1.ResourceMemory: *resource.NewQuantity(s.MiB<<20, resource.BinarySI),
	}
	if node {
		list[corev1.ResourcePods] = resource.MustParse("1000")
	}
	return list
}
