/** Recipes as files: the form's saved, one opened or dropped, which runs as it is. */
import { Button, Group, Text } from '@mantine/core';
import { planRecipe } from '../../lab/recipe/plan';
import type { Recipe } from '../../lab/recipe/schema';
import { STAGE_NAMES } from '../../state/pipeline/cards';
import {
  closeRecipe,
  type OpenedRecipe as Opened,
  openRecipe,
  pipelineOf,
  repeatRecipe,
  usePipeline,
} from '../../state/pipeline/pipeline';
import { count } from '../../state/words/format';
import { taskOf } from '../../state/words/pipeline';
import { ChooseFiles } from '../parts/ChooseFiles';
import { Notice } from '../parts/Notice';
import { saveRecipe } from '../train/files';
import classes from './PipelineForm.module.css';

/** `recipe`: what the form stands for; null while that cannot be run. */
export function RecipeFiles({ recipe }: { recipe: (() => Recipe) | null }) {
  const refusal = usePipeline(({ refusal }) => refusal);
  return (
    <div className={classes.files}>
      <Group gap={8}>
        <ChooseFiles
          label="Open a recipe"
          variant="default"
          accept="application/json,.json"
          onFiles={([file]) => void openRecipe(file)}
        />
        <Button
          size="sm"
          variant="default"
          disabled={recipe === null}
          onClick={() => recipe && saveRecipe(recipe())}
        >
          Save the recipe
        </Button>
      </Group>
      {refusal ? (
        <Notice kind="trouble" mt="sm" onDismiss={() => usePipeline.setState({ refusal: null })}>
          {refusal}
        </Notice>
      ) : (
        <Text className="caption" mt={8}>
          A recipe is the whole experiment as JSON; <code>lab run</code> takes the same file. You can drop one
          here.
        </Text>
      )}
    </div>
  );
}

/** Stages named one by one, as far as that is readable. */
const MOST_STAGES = 8;

export function OpenedRecipe({ opened: { file, recipe }, data }: { opened: Opened; data: string }) {
  const plan = stagesIn(recipe);
  const fits = pipelineOf(recipe, data) !== null;
  return (
    <div className={classes.opened} data-testid="opened-recipe">
      <p>
        <strong>{recipe.name}</strong>
      </p>
      <p className="caption">
        from {file}; runs as it is: {recipe.arch.id}, seed {recipe.seed}
      </p>
      <ol>
        {plan.slice(0, MOST_STAGES).map((planned) => (
          <li key={planned.name}>
            {STAGE_NAMES[planned.kind]}: {taskOf(planned, recipe)}
          </li>
        ))}
        {plan.length > MOST_STAGES && <li>and {count(plan.length - MOST_STAGES, 'stage')} more</li>}
      </ol>
      <Group gap={8}>
        <Button size="xs" variant="default" onClick={closeRecipe}>
          Back to the form
        </Button>
        {fits && (
          <Button size="xs" variant="default" onClick={() => repeatRecipe(recipe, data, file)}>
            Take it into the form
          </Button>
        )}
      </Group>
    </div>
  );
}

/** None where they cannot follow each other, which stands beside the button. */
function stagesIn(recipe: Recipe) {
  try {
    return planRecipe(recipe);
  } catch {
    return [];
  }
}
